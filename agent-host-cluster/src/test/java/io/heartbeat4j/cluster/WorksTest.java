package io.heartbeat4j.cluster;

import static io.heartbeat4j.cluster.ClusterScene.await;
import static io.heartbeat4j.cluster.ClusterScene.freePort;
import static io.heartbeat4j.cluster.ClusterScene.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.host.cluster.Neighbours.Turn;
import io.heartbeat4j.host.config.ClusterConfiguration;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.RunId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two hosts that want to work on the same issue for the same agent. */
class WorksTest {

  private final Map<String, ClusterConfiguration.Node> nodes = Map.of("a", node(), "b", node());
  private final AgentId agent = AgentId.of(UUID.randomUUID().toString());
  private final Optional<IssueId> issue = Optional.of(IssueId.of(UUID.randomUUID().toString()));
  private final Vertx[] vertx = new Vertx[2];
  private final Works[] works = new Works[2];

  private static ClusterConfiguration.Node node() {
    return new ClusterConfiguration.Node(URI.create("http://127.0.0.1"), "127.0.0.1", freePort());
  }

  @BeforeEach
  void join() {
    for (int i = 0; i < 2; i++) {
      HazelcastClusterManager manager = new HazelcastClusterManager(
          HazelcastProvider.hazelcast(new ClusterConfiguration(i == 0 ? "a" : "b", nodes)));
      vertx[i] = await(Vertx.builder()
          .with(new VertxOptions().setEventBusOptions(new EventBusOptions().setHost("127.0.0.1")))
          .withClusterManager(manager).buildClustered());
      works[i] = await(Works.open(vertx[i], manager));
    }
  }

  @AfterEach
  void leave() {
    for (Vertx each : vertx) {
      await(each.close());
    }
  }

  private Future<Turn> turn(int host) {
    return works[host].turn(agent, issue, RunId.of(UUID.randomUUID().toString()), () -> false);
  }

  @Test
  void one_waits_until_the_other_has_ended_and_another_issue_waits_for_nobody() {
    Turn first = await(turn(0));
    Future<Turn> second = turn(1);

    await(works[1].turn(agent, Optional.empty(), RunId.of(UUID.randomUUID().toString()), () -> false)).end();
    assertThat(second.isComplete()).isFalse();
    first.end();

    await(second).end();
    await(turn(0)).end();
  }

  @Test
  void a_run_that_is_asked_to_stop_waits_no_longer() {
    await(turn(0));
    AtomicBoolean stop = new AtomicBoolean();
    Future<Turn> second = works[1].turn(agent, issue, RunId.of(UUID.randomUUID().toString()), stop::get);

    stop.set(true);

    await(second).end();
  }

  @Test
  void what_a_host_held_that_is_gone_is_free() {
    await(turn(0));
    Future<Turn> second = turn(1);

    await(vertx[0].close());

    until("the other has its turn", second::isComplete);
    assertThat(second.succeeded()).isTrue();
  }
}
