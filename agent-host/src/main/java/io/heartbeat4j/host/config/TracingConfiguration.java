package io.heartbeat4j.host.config;

import io.heartbeat4j.worker.Secret;
import java.net.URI;
import java.util.Map;

/**
 * The destination of spans.
 *
 * @param endpoint the address of an OpenTelemetry collector, with its path
 * @param headers the headers of every request
 */
public record TracingConfiguration(URI endpoint, Map<String, Secret> headers) {
  public TracingConfiguration {
    headers = Map.copyOf(headers);
  }
}
