package io.heartbeat4j.host.config;

import io.heartbeat4j.worker.Secret;
import java.net.URI;
import java.util.Map;

/**
 * Where spans are sent.
 *
 * @param endpoint of an OpenTelemetry collector, with its path
 * @param headers of every request
 */
public record TracingConfiguration(URI endpoint, Map<String, Secret> headers) {
  public TracingConfiguration {
    headers = Map.copyOf(headers);
  }
}
