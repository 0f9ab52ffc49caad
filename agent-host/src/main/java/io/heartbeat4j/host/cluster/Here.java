package io.heartbeat4j.host.cluster;

import io.heartbeat4j.protocol.RunId;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.nio.file.Path;
import java.util.Optional;

/** What this host tells its neighbours' module. Called on the host's event loop. */
public interface Here {

  /** The name of the agent whose access key the request shows. */
  Optional<String> agentOf(HttpServerRequest request);

  /** Whether the run is kept here, going on or over. */
  Future<Boolean> knows(RunId run);

  /**
   * Takes over what a host that is gone has left: its runs are told from here on, and those that are not over go on
   * here. Fails where that host, or another one, has the file.
   */
  Future<Void> takeOver(Path directory);
}
