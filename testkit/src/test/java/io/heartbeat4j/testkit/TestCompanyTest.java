package io.heartbeat4j.testkit;

import static io.heartbeat4j.testkit.HeartbeatAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heartbeat4j.heartbeat.event.HeartbeatEvent;
import io.heartbeat4j.heartbeat.event.Step;
import io.heartbeat4j.heartbeat.work.WorkLimits;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.IssueStatus;
import io.heartbeat4j.worker.DefaultValue;
import io.heartbeat4j.worker.Delegation;
import io.heartbeat4j.worker.ProviderUsage;
import io.heartbeat4j.worker.Question;
import io.heartbeat4j.worker.ReviewPath;
import io.heartbeat4j.worker.Secret;
import io.heartbeat4j.worker.SettingsException;
import io.heartbeat4j.worker.Trigger;
import io.heartbeat4j.worker.UnblockCondition;
import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.Worker;
import io.heartbeat4j.worker.WorkerFactory;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

@HeartbeatTest
class TestCompanyTest {

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
  void work_is_done_through_all_steps(TestCompany company) {
    company.useWorker(GREETER, Map.of("word", "Good day", "key", "key-1234567890"));
    TestIssue worked = company.issue("Newcomer", "be nice").isWorked();
    assertThat(worked).isDone();
    assertThat(worked.comments()).containsExactly("Good day, Newcomer: be nice");
    assertThat(worked.timeline()).extracting(HeartbeatEvent::step)
        .contains(Step.IDENTITY, Step.CHECKOUT, Step.DO_THE_WORK, Step.UPDATE_STATUS);
    assertThat(worked.progress()).containsExactly("I know the key ***");
    assertThat(company.issue("Second", "x").isWorked().lastComment()).isEqualTo("Good day, Second: x");
  }

  @Test
  void wrong_settings_are_told_at_the_start(TestCompany company) {
    assertThatThrownBy(() -> company.useWorker(GREETER, Map.of("wrod", "Hi", "key", "key-1234567890")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("wrod");
  }

  @Test
  void a_worker_that_throws_blocks_the_issue_with_a_card_that_tries_again(TestCompany company) {
    AtomicBoolean first = new AtomicBoolean(true);
    Worker worker = context -> {
      if (first.getAndSet(false)) {
        throw new IllegalStateException("the build is red");
      }
      return new WorkResult.Done("Green now.");
    };
    company.useWorker(worker);
    TestIssue failed = company.issue("Build", "it").isWorked();
    assertThat(failed).isBlocked();
    assertThat(failed.lastComment()).contains("the build is red");
    assertThat(failed.cards()).hasSize(1);
    TestIssue again = failed.accept();
    assertThat(again).isDone();
    assertThat(again.lastComment()).isEqualTo("Green now.");
  }

  @Test
  void a_worker_that_hangs_is_stopped(TestCompany company) {
    CountDownLatch never = new CountDownLatch(1);
    Worker worker = context -> {
      never.await();
      return new WorkResult.Done("never");
    };
    WorkLimits little = new WorkLimits(Duration.ofMillis(200), Duration.ZERO, Duration.ofMillis(50));
    company.useWorker(worker, little);
    TestIssue hung = company.issue("Wait", "for ever").isWorked();
    assertThat(hung).isBlocked();
    assertThat(hung.lastComment()).contains("longer");
  }

  @Test
  void a_report_gets_a_subtask(TestCompany company) {
    Worker worker = context -> {
      AgentId wren = context.company().reports().get(0).id();
      return new WorkResult.Blocked("Wren does it.", new UnblockCondition.BySubtasks(),
          List.of(Delegation.to(wren, "The part", "All of it.")));
    };
    company.useWorker(worker);
    AgentId wren = company.addReport("Wren");
    TestIssue worked = company.issue("The whole", "in parts").isWorked();
    assertThat(worked).isBlocked().isBlockedBy("The part");
    assertThat(worked.subtasks()).singleElement().satisfies(part -> {
      assertThat(part.title()).isEqualTo("The part");
      assertThat(part.parentId()).isEqualTo(worked.issue().id());
      assertThat(part.goalId()).isEqualTo(worked.issue().goalId());
      assertThat(part.assigneeAgentId()).isEqualTo(wren);
    });
  }

  @Test
  void work_goes_on_when_its_subtasks_are_done(TestCompany company) {
    AgentId wren = company.addReport("Wren");
    company.useWorker(context -> context.thread().trigger() instanceof Trigger.Unblocked
        ? new WorkResult.Done("The parts are there.")
        : new WorkResult.Blocked("Wren does it.", new UnblockCondition.BySubtasks(), List.of(
            Delegation.to(wren, "One part", "a"), Delegation.to(wren, "Another part", "b"))));
    TestIssue whole = company.issue("The whole").isWorked();
    assertThat(whole).hasSubtasks(2).hasSubtasks("Another part").isBlockedBy("One part", "Another part");
    whole.completeSubtasks();
    assertThat(whole).isDone().hasComment("The parts are there.");
  }

  @Test
  void an_approval_is_given_or_refused_by_the_board(TestCompany company) {
    company.useWorker(context -> context.thread().trigger() instanceof Trigger.Assigned
        ? new WorkResult.NeedsReview("May I?",
            new ReviewPath.BoardApproval("Deploy", "to production", ReviewPath.WhenApproved.CONTINUE))
        : new WorkResult.Done("Deployed."));
    TestIssue approved = company.issue("Deploy").isWorked();
    TestIssue refused = company.issue("Deploy at once").isWorked();
    assertThat(approved).isInReview().hasNoPendingCard();
    assertThat(approved.approve("go")).isDone().hasComment("Deployed.");
    assertThat(refused.disapprove("wait")).isBlocked().hasCommentContaining("rejected").hasPendingCard();
  }

  @Test
  void the_time_until_work_goes_on_is_skipped(TestCompany company) {
    Instant tomorrow = company.clock().instant().plus(Duration.ofDays(1));
    AtomicBoolean first = new AtomicBoolean(true);
    company.useWorker(context -> first.getAndSet(false)
        ? new WorkResult.Later(tomorrow, "The office is closed.")
        : new WorkResult.Done("It was open."));
    TestIssue issue = company.issue("Fetch the letter").isWorked();
    assertThat(issue).isInReview().isDueBetween(tomorrow.minusMillis(1), tomorrow.plusSeconds(20));
    company.clock().advance(Duration.ofDays(1).plusMinutes(1));
    assertThat(issue.awaitHeartbeat()).isDone();
    assertThat(company.clock().instant()).isAfter(tomorrow);
  }

  @Test
  void what_was_used_is_the_cost(TestCompany company) {
    company.useWorker(context -> {
      context.usage().report(new ProviderUsage("acme", "m", 10, 0, 5, new BigDecimal("0.25")));
      return new WorkResult.Done("Thought.");
    });
    assertThat(company.issue("Think").isWorked()).hasCostCents(25);
    assertThat(company.spentCents()).isEqualTo(25);
  }

  @Test
  void a_comment_and_an_answer_are_the_trigger_of_the_next_heartbeat(TestCompany company) {
    Worker worker = context -> switch (context.thread().trigger()) {
      case Trigger.Commented commented -> ask("You said: " + commented.latest().body());
      case Trigger.InteractionAnswered interactionAnswered ->
        new WorkResult.Done("You chose " + interactionAnswered.status() + ".");
      default -> ask("Which colour?");
    };
    company.useWorker(worker);
    TestIssue asked = company.issue("Paint", "the fence").isWorked();
    assertThat(asked).isBlocked();
    TestIssue commented = asked.comment("Take your time.");
    assertThat(commented.lastComment()).as(commented.toString()).contains("You said: Take your time.");
    TestIssue answered = commented.answer(Map.of("colour", "red"));
    assertThat(answered).isDone();
    assertThat(answered.lastComment()).isEqualTo("You chose answered.");
  }

  private static WorkResult ask(String words) {
    return new WorkResult.Blocked(words, new UnblockCondition.ByQuestion(new Question.Choices("Colour", List.of(
        new Question.Choice("colour", "Which colour?", false,
            List.of(new Question.Option("red", "Red"), new Question.Option("blue", "Blue")))))));
  }

  @Test
  void a_mention_is_answered_without_taking_the_issue(TestCompany company) {
    Worker worker = context -> new WorkResult.Reply("It is " + (context.isReadOnly() ? "yours" : "mine") + ".");
    company.useWorker(worker);
    TestIssue worked = company.issue("Somebody else's").mention("whose is this?");
    assertThat(worked.comments()).as(worked.toString()).containsExactly("It is yours.");
    assertThat(worked.issue().isAssignedTo(company.self())).isFalse();
  }

  @Test
  void a_review_gives_somebodys_work_back(TestCompany company) {
    Worker worker = context -> new WorkResult.ChangesRequested(
        context.review().orElseThrow().stage() + " of " + context.issue().title() + ": add a test.");
    company.useWorker(worker);
    TestIssue reviewed = company.requestReview("The gate", "with a lock");
    assertThat(reviewed.status()).as(reviewed.toString()).isEqualTo(IssueStatus.IN_PROGRESS);
    assertThat(reviewed.comments()).containsExactly("review of The gate: add a test.");
    assertThat(reviewed.issue().isAssignedTo(company.self())).isFalse();
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
    try (TestCompany company = TestCompany.start().useWorker(worker)) {
      assertThat(company.issue("Build").isWorked()).isBlockedBy("Buy a licence");
    }
    assertThat(closed).isTrue();
  }
}
