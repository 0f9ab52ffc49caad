package io.heartbeat4j.host.config;

import io.heartbeat4j.host.cluster.ClusterProvider;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The hosts of a cluster, as they are written. */
final class ClusterConfigurationReader {

  private static final int STANDARD_PORT = 5701;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]+");
  private static final Pattern MEMBER = Pattern.compile("(?<host>[^:\\s]+|\\[[0-9a-fA-F:]+])(:(?<port>[0-9]{1,5}))?");

  private final ProblemCollector problemCollector;

  ClusterConfigurationReader(ProblemCollector problemCollector) {
    this.problemCollector = problemCollector;
  }

  ClusterConfiguration read(HostFileSchema.ClusterSection clusterSection, HttpServerConfiguration httpServer) {
    if (!clusterSection.nodes().containsKey(clusterSection.node())) {
      problemCollector.report("cluster.node", "'" + clusterSection.node() + "' is not one of the nodes: "
          + String.join(", ", clusterSection.nodes().keySet()));
    }
    if (ClusterProvider.find().isEmpty()) {
      problemCollector.report("cluster", "its jars are not here: unpack them into 'lib/cluster' of the distribution"
          + " (agent-host-cluster, vertx-hazelcast, hazelcast), or take 'cluster' out");
    }
    if (httpServer.port() == 0) {
      problemCollector.report("listen.port", "the other hosts have to know it: give a number");
    }
    Map<String, ClusterConfiguration.Node> nodes = new LinkedHashMap<>();
    clusterSection.nodes().forEach((name, written) -> node("cluster.nodes." + name, name, written)
        .ifPresent(node -> nodes.put(name, node)));
    return new ClusterConfiguration(clusterSection.node(), nodes);
  }

  private Optional<ClusterConfiguration.Node> node(String key, String name, Map<String, Object> written) {
    int before = problemCollector.count();
    if (!NAME.matcher(name).matches()) {
      problemCollector.report(key,
          "a node's name has letters, digits, '.', '-' and '_' only: it is also a directory's");
    }
    written.keySet().stream().filter(each -> !each.equals("url") && !each.equals("member"))
        .forEach(each -> problemCollector.report(key + "." + each, "a node has 'url' and 'member' only"));
    Optional<URI> url = url(String.valueOf(written.getOrDefault("url", "")));
    if (url.isEmpty()) {
      problemCollector.report(key, "write the url of its listener, such as 'url: http://10.0.0.1:8787'");
      return Optional.empty();
    }
    String member = String.valueOf(written.getOrDefault("member", url.get().getHost()));
    var address = MEMBER.matcher(member);
    if (!address.matches()) {
      problemCollector.report(key + ".member", "'" + member + "' is not HOST:PORT");
    }
    return problemCollector.count() > before ? Optional.empty()
        : Optional.of(new ClusterConfiguration.Node(url.get(),
            address.group("host"),
            address.group("port") == null ? STANDARD_PORT : Integer.parseInt(address.group("port"))));
  }

  private static Optional<URI> url(String text) {
    try {
      URI url = URI.create(text);
      boolean known = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      return known && url.getHost() != null ? Optional.of(url) : Optional.empty();
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }
}
