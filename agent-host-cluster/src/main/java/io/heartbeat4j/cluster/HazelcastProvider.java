package io.heartbeat4j.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.NetworkConfig;
import io.heartbeat4j.host.cluster.ClusterProvider;
import io.heartbeat4j.host.config.ClusterConfiguration;
import io.heartbeat4j.host.config.HostConfiguration;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Joins by Hazelcast: one TCP port, members by name in the configuration, no multicast and nothing asked of the
 * internet.
 */
public final class HazelcastProvider implements ClusterProvider {

  private static final String LOOPBACK = "127.0.0.1";
  private static final String MERGE_SECONDS = "10";

  @Override
  public Future<Joined> join(HostConfiguration configuration) {
    ClusterConfiguration cluster = configuration.cluster().orElseThrow();
    HazelcastClusterManager manager = new HazelcastClusterManager(hazelcast(cluster));
    // the hosts send each other nothing over the event bus, so its port need not be reached
    EventBusOptions unused = new EventBusOptions().setHost(LOOPBACK);
    return Vertx.builder().with(new VertxOptions().setEventBusOptions(unused)).withClusterManager(manager)
        .buildClustered()
        .recover(failure -> Future.failedFuture(new IllegalStateException("the cluster's address "
            + cluster.own().host() + ":" + cluster.own().port() + " can't be used: " + failure.getMessage(), failure)))
        .compose(vertx -> neighbours(vertx, manager, configuration, cluster)
            .map(neighbours -> new Joined(vertx, neighbours))
            .onFailure(failure -> vertx.close()));
  }

  private static Future<ClusterNeighbours> neighbours(
      Vertx vertx, ClusterManager manager, HostConfiguration configuration, ClusterConfiguration cluster) {
    return Members.join(vertx, manager, cluster)
        .compose(members -> Claims.open(vertx, members).compose(claims -> Works.open(vertx, manager).map(works -> {
          Passing passing = new Passing(vertx, cluster, configuration.httpServer().tls());
          return new ClusterNeighbours(
              members, claims, works, new Forwarding(members, claims, passing), passing,
              new Estates(vertx, members, configuration.nodesDirectory()));
        })));
  }

  static Config hazelcast(ClusterConfiguration cluster) {
    Config config = new Config();
    config.setClusterName("heartbeat4j");
    config.setClassLoader(HazelcastProvider.class.getClassLoader());
    config.setProperty("hazelcast.logging.type", "slf4j");
    config.setProperty("hazelcast.phone.home.enabled", "false");
    config.setProperty("hazelcast.health.monitoring.level", "OFF");
    config.setProperty("hazelcast.shutdownhook.enabled", "false");
    config.setProperty("hazelcast.socket.bind.any", "false");
    config.setProperty("hazelcast.wait.seconds.before.join", "0");
    config.setProperty("hazelcast.max.no.heartbeat.seconds", "15");
    config.setProperty("hazelcast.heartbeat.interval.seconds", "3");
    config.setProperty("hazelcast.partition.count", "31"); // a few small maps
    config.setProperty("hazelcast.merge.first.run.delay.seconds", MERGE_SECONDS); // else hosts stay apart for minutes
    config.setProperty("hazelcast.merge.next.run.delay.seconds", MERGE_SECONDS);
    config.getJetConfig().setEnabled(false);
    NetworkConfig network = config.getNetworkConfig();
    network.setPort(cluster.own().port()).setPortAutoIncrement(false)
        .setPublicAddress(cluster.own().host() + ":" + cluster.own().port());
    network.getInterfaces().setEnabled(true).addInterface(address(cluster.own().host()));
    JoinConfig join = network.getJoin();
    join.getAutoDetectionConfig().setEnabled(false);
    join.getMulticastConfig().setEnabled(false);
    join.getTcpIpConfig().setEnabled(true);
    cluster.nodes().values().forEach(node -> join.getTcpIpConfig().addMember(node.host() + ":" + node.port()));
    return config;
  }

  private static String address(String host) {
    try {
      return InetAddress.getByName(host).getHostAddress();
    } catch (UnknownHostException unknown) {
      throw new IllegalStateException("the cluster's address can't be used: the host '" + host + "' is not known",
          unknown);
    }
  }
}
