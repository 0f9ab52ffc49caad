package io.heartbeat4j.cluster;

import io.heartbeat4j.host.cluster.Here;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over what hosts that are gone have left, where their directories lie beside this one's, on a volume that the
 * hosts share. The lock on each host's file decides: one that is only out of sight keeps its own. Confined to the
 * host's event loop.
 */
final class Estates {

  private static final Logger LOG = LoggerFactory.getLogger(Estates.class);
  private static final long LOOK_MILLIS = 1_000;
  private static final int PATIENCE = 3; // looks, in which a host that was restarted at once is back

  private final Vertx vertx;
  private final Members members;
  private final Path nodes;
  private final Map<String, Integer> missed = new HashMap<>();
  private final Set<String> taken = new HashSet<>();
  private long looking = -1;

  Estates(Vertx vertx, Members members, Path nodes) {
    this.vertx = vertx;
    this.members = members;
    this.nodes = nodes;
  }

  void watch(Here here) {
    looking = vertx.setPeriodic(LOOK_MILLIS, tick -> vertx.executeBlocking(this::directories)
        .onSuccess(found -> found.forEach(directory -> look(here, directory)))
        .onFailure(failure -> LOG.warn("the other hosts' directories can't be listed", failure)));
  }

  void end() {
    vertx.cancelTimer(looking);
  }

  private List<Path> directories() throws IOException {
    try (Stream<Path> all = Files.list(nodes)) {
      return all.filter(Files::isDirectory).toList();
    }
  }

  private void look(Here here, Path directory) {
    String node = String.valueOf(directory.getFileName());
    if (members.isPresent(node)) {
      missed.remove(node);
      taken.remove(node);
    } else if (members.serves() && missed.merge(node, 1, Integer::sum) > PATIENCE && taken.add(node)) {
      take(here, node, directory);
    }
  }

  private Future<Void> take(Here here, String node, Path directory) {
    return here.takeOver(directory)
        .onSuccess(done -> LOG.warn("the runs of host {}, which is gone, are this one's now", node))
        .onFailure(held -> {
          LOG.debug("the runs of host {} can't be taken over yet", node, held);
          taken.remove(node);
        });
  }
}
