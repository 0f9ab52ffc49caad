package io.heartbeat4j.cluster;

import io.heartbeat4j.host.config.ClusterConfiguration;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.AsyncMap;
import io.vertx.core.spi.cluster.ClusterManager;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which hosts are there, by name, and which of them an agent is at home on: a matter of arithmetic, so that all who see
 * the same hosts agree, and so that a host that comes or goes moves its own agents only. Confined to the host's event
 * loop.
 */
final class Members {

  private static final Logger LOG = LoggerFactory.getLogger(Members.class);
  private static final long LOOK_MILLIS = 500;

  /** What a host says of itself: it has its name, it can be reached, it takes nothing new. */
  private enum State {
    JOINED, SERVES, LEAVES
  }

  private final Vertx vertx;
  private final ClusterManager manager;
  private final AsyncMap<String, String> hosts;
  private final String self;
  private final Set<String> all;
  private final List<Consumer<String>> farewells = new ArrayList<>();
  private Map<String, State> present = Map.of();
  private long looking = -1;

  private Members(Vertx vertx, ClusterManager manager, AsyncMap<String, String> hosts, ClusterConfiguration cluster) {
    this.vertx = vertx;
    this.manager = manager;
    this.hosts = hosts;
    this.self = cluster.node();
    this.all = cluster.nodes().keySet();
  }

  /** Takes this host's name; fails where another host that is there has it. */
  static Future<Members> join(Vertx vertx, ClusterManager manager, ClusterConfiguration cluster) {
    return vertx.sharedData().<String, String>getAsyncMap("heartbeat4j.hosts")
        .map(hosts -> new Members(vertx, manager, hosts, cluster))
        .compose(members -> members.takeName().map(members));
  }

  private Future<Void> takeName() {
    return hosts.get(self).compose(holder -> {
      String mine = manager.getNodeId() + " " + State.JOINED;
      if (holder == null) {
        return hosts.putIfAbsent(self, mine).compose(other -> other == null ? Future.succeededFuture() : takeName());
      }
      if (manager.getNodes().contains(id(holder))) {
        return Future.failedFuture(new IllegalStateException(
            "another host of the cluster is named '" + self + "': give each its own 'cluster.node'"));
      }
      return hosts.replaceIfPresent(self, holder, mine).compose(taken -> taken ? Future.succeededFuture() : takeName());
    });
  }

  private static String id(String value) {
    return value.substring(0, value.indexOf(' '));
  }

  private static State state(String value) {
    return State.valueOf(value.substring(value.indexOf(' ') + 1));
  }

  /** From now on agents are at home here too. */
  void serve() {
    say(State.SERVES);
    looking = vertx.setPeriodic(LOOK_MILLIS, tick -> look());
  }

  /** From now on none is. */
  void leave() {
    say(State.LEAVES);
  }

  private void say(State state) {
    hosts.put(self, manager.getNodeId() + " " + state)
        .onSuccess(said -> look())
        .onFailure(failure -> vertx.setTimer(LOOK_MILLIS, again -> say(state)));
  }

  Future<Void> close() {
    vertx.cancelTimer(looking);
    return hosts.remove(self).mapEmpty();
  }

  private void look() {
    hosts.entries().onSuccess(this::seen).onFailure(failure -> LOG.warn("the other hosts can't be seen now", failure));
  }

  private void seen(Map<String, String> entries) {
    Set<String> connected = new HashSet<>(manager.getNodes());
    Map<String, State> now = new HashMap<>();
    entries.forEach((name, value) -> {
      if (connected.contains(id(value)) && state(value) != State.JOINED) {
        now.put(name, state(value));
      }
    });
    Map<String, State> before = present;
    present = Map.copyOf(now);
    if (!before.equals(present)) {
      LOG.info("hosts: {}", present);
    }
    before.keySet().stream().filter(name -> !now.containsKey(name)).forEach(name -> {
      LOG.warn("host {} is gone", name);
      farewells.forEach(farewell -> farewell.accept(name));
    });
  }

  /** Is told the name of each host that is gone. */
  void onFarewell(Consumer<String> farewell) {
    farewells.add(farewell);
  }

  String self() {
    return self;
  }

  boolean isPresent(String node) {
    return node.equals(self) || present.containsKey(node);
  }

  boolean areAllPresent() {
    return all.stream().allMatch(this::isPresent);
  }

  boolean serves() {
    return present.get(self) == State.SERVES;
  }

  List<String> others() {
    return present.keySet().stream().filter(name -> !name.equals(self)).sorted().toList();
  }

  /** Where the agent's next wake is taken in. */
  String home(String agent) {
    return present.entrySet().stream()
        .filter(host -> host.getValue() == State.SERVES)
        .map(Map.Entry::getKey)
        .max(Comparator.comparingLong((String host) -> weight(agent, host)).thenComparing(host -> host))
        .orElse(self);
  }

  /** Well mixed, and the same in every JVM. */
  private static long weight(String agent, String host) {
    long mixed = agent.hashCode() * 0x9E3779B97F4A7C15L ^ host.hashCode() * 0xC2B2AE3D27D4EB4FL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xFF51AFD7ED558CCDL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xC4CEB9FE1A85EC53L;
    return mixed ^ (mixed >>> 33);
  }
}
