package io.heartbeat4j.host.config;

import io.heartbeat4j.worker.Secret;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The listener of the host. An address other than loopback needs TLS or {@code plain-http: true}.
 *
 * @param viewKey the key for the live page and the metrics; without it they are off
 * @param socket the unix socket of Paperclip's heartbeat4j adapter and of {@code heartbeat wake}
 * @param adapterKey the key of the adapter over HTTP; without it the adapter has the socket only
 */
public record HttpServerConfiguration(String host, int port, Optional<TlsFiles> tls, Optional<Secret> viewKey,
    Optional<Path> socket, Optional<Secret> adapterKey) {

  /** PEM files. */
  public record TlsFiles(Path certificate, Path key) {}
}
