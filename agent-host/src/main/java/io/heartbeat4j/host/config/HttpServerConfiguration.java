package io.heartbeat4j.host.config;

import io.heartbeat4j.worker.Secret;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the host can be reached: loopback, unless TLS or an operator's word makes it more.
 *
 * @param viewKey opens the page and the metrics; without it there are none
 * @param socket of {@code heartbeat wake}
 */
public record HttpServerConfiguration(String host, int port, Optional<TlsFiles> tls, Optional<Secret> viewKey,
    Optional<Path> socket) {

  /** PEM files. */
  public record TlsFiles(Path certificate, Path key) {}
}
