package io.heartbeat4j.host.config;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The hosts that run side by side.
 *
 * @param node this host's name among them
 * @param nodes all of them by name, this one included
 */
public record ClusterConfiguration(String node, Map<String, Node> nodes) {

  /**
   * One host.
   *
   * @param url where its listener is reached by the others
   * @param host where its cluster port is
   */
  public record Node(URI url, String host, int port) {}

  public ClusterConfiguration {
    nodes = Map.copyOf(new LinkedHashMap<>(nodes));
  }

  /** This host. */
  public Node own() {
    return nodes.getOrDefault(node, new Node(URI.create("http://127.0.0.1"), "127.0.0.1", 0));
  }
}
