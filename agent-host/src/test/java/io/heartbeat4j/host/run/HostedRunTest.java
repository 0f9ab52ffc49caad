package io.heartbeat4j.host.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.client.AgentToken;
import io.heartbeat4j.client.ClientOptions;
import io.heartbeat4j.client.PaperclipClient;
import io.heartbeat4j.client.ServerUrl;
import io.heartbeat4j.heartbeat.event.HeartbeatEvent;
import io.heartbeat4j.heartbeat.event.Step;
import io.heartbeat4j.heartbeat.wake.WakeFacts;
import io.heartbeat4j.heartbeat.work.ProviderGateRegistry;
import io.heartbeat4j.heartbeat.work.WorkLimits;
import io.heartbeat4j.host.config.AgentConfiguration;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.ApprovalId;
import io.heartbeat4j.protocol.CommentId;
import io.heartbeat4j.protocol.CompanyId;
import io.heartbeat4j.protocol.HeartbeatRun;
import io.heartbeat4j.protocol.InteractionId;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.RunId;
import io.heartbeat4j.protocol.RunStatus;
import io.heartbeat4j.protocol.WakePayload;
import io.heartbeat4j.storage.HostFileStorage;
import io.heartbeat4j.storage.StorageSession;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One run: what its readers see, and whether a second wake has to be worked. */
class HostedRunTest {

  private static final IssueId ISSUE = new IssueId(new UUID(0, 1));
  private static final CommentId COMMENT = new CommentId(new UUID(0, 2));

  private final Vertx vertx = Vertx.vertx();
  private final HostedAgent agent = new HostedAgent(
      new AgentConfiguration(
          "wren", Optional.empty(), ServerUrl.of("http://127.0.0.1:1"), Optional.of(AgentToken.of("key")),
          Optional.empty(), "w",
          () -> context -> new io.heartbeat4j.worker.WorkResult.Nothing(), Optional.empty(), WorkLimits.DEFAULT,
          Optional.empty(), 1, 1,
          Optional.empty()),
      PaperclipClient.connect(vertx, ServerUrl.of("http://127.0.0.1:1"), ClientOptions.defaults()),
      unusedStorage(), Path.of("unused"),
      new ProviderGateRegistry(Clock.systemUTC(), RandomGenerator.getDefault()));

  private static StorageSession unusedStorage() {
    try {
      return HostFileStorage.open(Path.of("unused"), List.of(), Runnable::run, Clock.systemUTC());
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void a_wake_that_waited_behind_a_settled_one_and_says_nothing_else_is_left_out() {
    assertThat(run(facts(List.of(COMMENT), null, null, false), settled(List.of(COMMENT))).isRedundant()).isTrue();
  }

  @Test
  void a_new_comment_answer_or_approval_is_always_worked() {
    HostedRun before = settled(List.of());

    assertThat(run(facts(List.of(COMMENT), null, null, false), before).isRedundant()).isFalse();
    assertThat(run(facts(List.of(), new InteractionId(new UUID(0, 3)), null, false), before).isRedundant()).isFalse();
    assertThat(run(facts(List.of(), null, new ApprovalId(new UUID(0, 4)), false), before).isRedundant()).isFalse();
  }

  @Test
  void a_run_that_the_server_gave_the_issue_to_is_always_worked() {
    assertThat(run(facts(List.of(), null, null, true), settled(List.of())).isRedundant()).isFalse();
  }

  @Test
  void a_wake_behind_a_failed_one_is_worked() {
    HostedRun before = run(facts(List.of(), null, null, false), null);
    before.onEvent(event(Step.CHECKOUT, HeartbeatEvent.Kind.DONE));
    before.complete(RunResult.failed("no", 75, Instant.EPOCH));

    assertThat(run(facts(List.of(), null, null, false), before).isRedundant()).isFalse();
  }

  @Test
  void what_nobody_has_read_waits_for_the_next_reader_and_is_read_once() {
    HostedRun run = run(facts(List.of(), null, null, false), null);
    List<RunEvent> first = new ArrayList<>();
    List<RunEvent> second = new ArrayList<>();
    run.onEvent(event(Step.IDENTITY, HeartbeatEvent.Kind.DONE));

    Runnable stop = run.subscribe(first::add);
    run.onEvent(event(Step.CHECKOUT, HeartbeatEvent.Kind.DONE));
    stop.run();
    run.onEvent(event(Step.DO_THE_WORK, HeartbeatEvent.Kind.PROGRESS));
    run.subscribe(second::add);

    assertThat(first).hasSize(2);
    assertThat(second).singleElement().isInstanceOfSatisfying(RunEvent.IssueOutput.class,
        issueOutput -> assertThat(issueOutput.event().step()).isEqualTo(Step.DO_THE_WORK));
  }

  @Test
  void there_is_text_only_once_the_issue_is_held_since_the_adapter_would_post_it() {
    HostedRun run = run(facts(List.of(), null, null, false), null);
    List<RunEvent> read = new ArrayList<>();
    run.subscribe(read::add);

    run.onEvent(event(Step.DO_THE_WORK, HeartbeatEvent.Kind.PROGRESS));
    run.onEvent(event(Step.CHECKOUT, HeartbeatEvent.Kind.CONFLICT));
    run.onEvent(event(Step.CHECKOUT, HeartbeatEvent.Kind.DONE));
    run.onEvent(event(Step.DO_THE_WORK, HeartbeatEvent.Kind.PROGRESS));

    assertThat(read).extracting(event -> event instanceof RunEvent.IssueOutput).containsExactly(false, false, true,
        true);
  }

  private HostedRun settled(List<CommentId> comments) {
    HostedRun run = run(facts(comments, null, null, true), null);
    run.onEvent(event(Step.CHECKOUT, HeartbeatEvent.Kind.DONE));
    run.complete(RunResult.completed("done", Instant.EPOCH));
    return run;
  }

  private HostedRun run(WakeFacts facts, @Nullable HostedRun behind) {
    HostedAgent.AgentIdentity self = new HostedAgent.AgentIdentity(new AgentId(new UUID(1, 1)),
        new CompanyId(new UUID(1, 2)), "Wren");
    HeartbeatRun record = new HeartbeatRun(
        new RunId(UUID.randomUUID()), self.company(), self.id(), RunStatus.RUNNING, null, null, null);
    return new HostedRun(agent, self, record, facts, AgentToken.of("key"), WakeChannel.GATEWAY, Instant.EPOCH,
        () -> true,
        behind);
  }

  private static HeartbeatEvent event(Step step, HeartbeatEvent.Kind kind) {
    return new HeartbeatEvent(Instant.EPOCH, new RunId(new UUID(2, 1)), new AgentId(new UUID(1, 1)), step, kind,
        Optional.empty(), Optional.empty(), "words");
  }

  private static WakeFacts facts(
      List<CommentId> comments, @Nullable InteractionId answer, @Nullable ApprovalId approval, boolean checkedOut) {
    WakePayload payload = new WakePayload(
        null, null, checkedOut, comments, null, List.of(), null, null, List.of(), List.of(), null, null, null, null,
        null);
    return new WakeFacts(ISSUE, null, comments, approval, List.of(), answer, payload, null, null);
  }
}
