package io.heartbeat4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heartbeat4j.heartbeat.event.HeartbeatEvent;
import io.heartbeat4j.heartbeat.event.Step;
import io.heartbeat4j.heartbeat.work.WorkLimits;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.IssueStatus;
import io.heartbeat4j.worker.DefaultValue;
import io.heartbeat4j.worker.Delegation;
import io.heartbeat4j.worker.Question;
import io.heartbeat4j.worker.Secret;
import io.heartbeat4j.worker.SettingsException;
import io.heartbeat4j.worker.Trigger;
import io.heartbeat4j.worker.UnblockCondition;
import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.Worker;
import io.heartbeat4j.worker.WorkerFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class WorkerTestKitTest {

  record Greeting(@DefaultValue("Hello") String word, Secret key) {}

  private static final WorkerFactory<Greeting> GREETER = new WorkerFactory<>() {
    @Override
    public String name() {
      return "greeter";
    }

    @Override
    public Class<Greeting> settingsType() {
      return Greeting.class;
    }

    @Override
    public Worker create(Greeting greeting) {
      return context -> {
        context.run().reportProgress("I know the key " + greeting.key().reveal());
        return new WorkResult.Done(
            greeting.word() + ", " + context.issue().title() + ": " + context.issue().description());
      };
    }
  };

  @Test
  void work_is_done_through_all_steps() throws Exception {
    try (WorkerTestKit kit = WorkerTestKit.start(GREETER, Map.of("word", "Good day", "key", "key-1234567890"))) {
      IssueAfterHeartbeat worked = kit.assignIssue("Newcomer", "be nice");
      assertThat(worked.status()).as(worked.toString()).isEqualTo(IssueStatus.DONE);
      assertThat(worked.comments()).containsExactly("Good day, Newcomer: be nice");
      assertThat(worked.timeline()).extracting(HeartbeatEvent::step)
          .contains(Step.IDENTITY, Step.CHECKOUT, Step.DO_THE_WORK, Step.UPDATE_STATUS);
      assertThat(worked.progress()).containsExactly("I know the key ***");
      assertThat(kit.assignIssue("Second", "x").lastComment()).isEqualTo("Good day, Second: x");
    }
  }

  @Test
  void wrong_settings_are_told_at_the_start() {
    assertThatThrownBy(() -> WorkerTestKit.start(GREETER, Map.of("wrod", "Hi", "key", "key-1234567890")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("wrod");
  }

  @Test
  void a_worker_that_throws_blocks_the_issue_with_a_card_that_tries_again() throws Exception {
    AtomicBoolean first = new AtomicBoolean(true);
    Worker worker = context -> {
      if (first.getAndSet(false)) {
        throw new IllegalStateException("the build is red");
      }
      return new WorkResult.Done("Green now.");
    };
    try (WorkerTestKit kit = WorkerTestKit.start(worker)) {
      IssueAfterHeartbeat failed = kit.assignIssue("Build", "it");
      assertThat(failed.status()).as(failed.toString()).isEqualTo(IssueStatus.BLOCKED);
      assertThat(failed.lastComment()).contains("the build is red");
      assertThat(failed.interactions()).hasSize(1);
      IssueAfterHeartbeat again = kit.accept(failed);
      assertThat(again.status()).as(again.toString()).isEqualTo(IssueStatus.DONE);
      assertThat(again.lastComment()).isEqualTo("Green now.");
    }
  }

  @Test
  void a_worker_that_hangs_is_stopped() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    Worker worker = context -> {
      never.await();
      return new WorkResult.Done("never");
    };
    WorkLimits little = new WorkLimits(Duration.ofMillis(200), Duration.ZERO, Duration.ofMillis(50));
    try (WorkerTestKit kit = WorkerTestKit.start(worker, little)) {
      IssueAfterHeartbeat hung = kit.assignIssue("Wait", "for ever");
      assertThat(hung.status()).as(hung.toString()).isEqualTo(IssueStatus.BLOCKED);
      assertThat(hung.lastComment()).contains("longer");
    }
  }

  @Test
  void a_report_gets_a_subtask() throws Exception {
    Worker worker = context -> {
      AgentId wren = context.company().reports().get(0).id();
      return new WorkResult.Blocked("Wren does it.", new UnblockCondition.BySubtasks(),
          List.of(Delegation.to(wren, "The part", "All of it.")));
    };
    try (WorkerTestKit kit = WorkerTestKit.start(worker)) {
      AgentId wren = kit.addReport("Wren");
      IssueAfterHeartbeat worked = kit.assignIssue("The whole", "in parts");
      assertThat(worked.status()).as(worked.toString()).isEqualTo(IssueStatus.BLOCKED);
      assertThat(worked.subtasks()).singleElement().satisfies(part -> {
        assertThat(part.title()).isEqualTo("The part");
        assertThat(part.parentId()).isEqualTo(worked.issue().id());
        assertThat(part.goalId()).isEqualTo(worked.issue().goalId());
        assertThat(part.assigneeAgentId()).isEqualTo(wren);
      });
    }
  }

  @Test
  void a_comment_and_an_answer_are_the_trigger_of_the_next_heartbeat() throws Exception {
    Worker worker = context -> switch (context.thread().trigger()) {
      case Trigger.Commented commented -> ask("You said: " + commented.latest().body());
      case Trigger.InteractionAnswered interactionAnswered ->
        new WorkResult.Done("You chose " + interactionAnswered.status() + ".");
      default -> ask("Which colour?");
    };
    try (WorkerTestKit kit = WorkerTestKit.start(worker)) {
      IssueAfterHeartbeat asked = kit.assignIssue("Paint", "the fence");
      assertThat(asked.status()).as(asked.toString()).isEqualTo(IssueStatus.BLOCKED);
      IssueAfterHeartbeat commented = kit.comment(asked, "Take your time.");
      assertThat(commented.lastComment()).as(commented.toString()).contains("You said: Take your time.");
      IssueAfterHeartbeat answered = kit.answer(commented, Map.of("colour", "red"));
      assertThat(answered.status()).as(answered.toString()).isEqualTo(IssueStatus.DONE);
      assertThat(answered.lastComment()).isEqualTo("You chose answered.");
    }
  }

  private static WorkResult ask(String words) {
    return new WorkResult.Blocked(words, new UnblockCondition.ByQuestion(new Question.Choices("Colour", List.of(
        new Question.Choice("colour", "Which colour?", false,
            List.of(new Question.Option("red", "Red"), new Question.Option("blue", "Blue")))))));
  }

  @Test
  void a_mention_is_answered_without_taking_the_issue() throws Exception {
    Worker worker = context -> new WorkResult.Reply("It is " + (context.isReadOnly() ? "yours" : "mine") + ".");
    try (WorkerTestKit kit = WorkerTestKit.start(worker)) {
      IssueAfterHeartbeat worked = kit.mentionAgent("Somebody else's", "whose is this?");
      assertThat(worked.comments()).as(worked.toString()).containsExactly("It is yours.");
      assertThat(worked.issue().isAssignedTo(kit.self())).isFalse();
    }
  }

  @Test
  void a_review_gives_somebodys_work_back() throws Exception {
    Worker worker = context -> new WorkResult.ChangesRequested(
        context.review().orElseThrow().stage() + " of " + context.issue().title() + ": add a test.");
    try (WorkerTestKit kit = WorkerTestKit.start(worker)) {
      IssueAfterHeartbeat reviewed = kit.requestReview("The gate", "with a lock");
      assertThat(reviewed.status()).as(reviewed.toString()).isEqualTo(IssueStatus.IN_PROGRESS);
      assertThat(reviewed.comments()).containsExactly("review of The gate: add a test.");
      assertThat(reviewed.issue().isAssignedTo(kit.self())).isFalse();
    }
  }

  @Test
  void the_worker_has_a_manager_a_state_directory_and_is_closed() throws Exception {
    AtomicBoolean closed = new AtomicBoolean();
    Worker worker = new Worker() {
      @Override
      public WorkResult perform(WorkContext context) throws Exception {
        java.nio.file.Files.writeString(context.workspace().stateDirectory().resolve("note"), "kept");
        return new WorkResult.Blocked("I need a licence.",
            new UnblockCondition.ByManager("Buy a licence",
                "One for " + context.company().manager().orElseThrow().name() + "."));
      }

      @Override
      public void close() {
        closed.set(true);
      }
    };
    try (WorkerTestKit kit = WorkerTestKit.start(worker)) {
      IssueAfterHeartbeat worked = kit.assignIssue("Build", "it");
      assertThat(worked.status()).as(worked.toString()).isEqualTo(IssueStatus.BLOCKED);
      assertThat(worked.issue().blockedBy()).as(worked.toString()).hasSize(1);
    }
    assertThat(closed).isTrue();
  }
}
