package io.heartbeat4j.testkit;

import static io.heartbeat4j.testkit.HeartbeatAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heartbeat4j.worker.DocumentChangedException;
import io.heartbeat4j.worker.IssueDocument;
import io.heartbeat4j.worker.ProviderUsage;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.Worker;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a worker may ask the runtime for in the middle of its work. */
@HeartbeatTest
class WorkContextTest {

  @Test
  void a_document_is_written_and_replaced_by_its_revision(TestCompany company) {
    List<IssueDocument> seen = new ArrayList<>();
    Worker worker = context -> {
      assertThat(context.actions().document("plan")).isEmpty();
      seen.add(context.actions().createDocument("plan", "Plan", "# First"));
      seen.add(context.actions().updateDocument(seen.get(0), "# Second"));
      assertThatThrownBy(() -> context.actions().updateDocument(seen.get(0), "# Lost"))
          .isInstanceOf(DocumentChangedException.class)
          .hasMessageContaining("plan");
      seen.add(context.actions().document("plan").orElseThrow());
      return new WorkResult.Done("Planned.");
    };
    company.useWorker(worker);
    TestIssue worked = company.issue("Plan", "it").isWorked();
    assertThat(worked).isDone();
    assertThat(seen).extracting(IssueDocument::body).containsExactly("# First", "# Second", "# Second");
    assertThat(seen.get(2).revision()).isEqualTo(seen.get(1).revision());
  }

  @Test
  void a_documents_key_can_not_leave_the_issue(TestCompany company) {
    Worker worker = context -> {
      context.actions().createDocument("../../comments", "x", "y");
      return new WorkResult.Done("never");
    };
    company.useWorker(worker);
    TestIssue worked = company.issue("Plan", "it").isWorked();
    assertThat(worked).isBlocked();
    assertThat(worked.lastComment()).contains("can't be a document's key");
  }

  @Test
  void a_closed_gate_ends_the_work_as_later(TestCompany company) {
    Instant until = Instant.now().plus(1, ChronoUnit.HOURS);
    Worker worker = context -> {
      context.usage().providerGate("acme/one").checkOpen();
      context.usage().providerGate("acme/one").closeUntil(until, "the quota of acme/one is used up");
      context.usage().providerGate("acme/one").closeUntil(until.minusSeconds(1800), "a shorter wait");
      context.usage().providerGate("acme/two").checkOpen();
      context.usage().providerGate("acme/one").checkOpen();
      return new WorkResult.Done("never");
    };
    company.useWorker(worker);
    TestIssue worked = company.issue("Think", "hard").isWorked();
    assertThat(worked).isInReview();
    assertThat(worked.lastComment()).contains("the quota of acme/one is used up");
    assertThat(worked.issue().monitorNextCheckAt()).isBetween(until.minusMillis(1), until.plusSeconds(20));
  }

  @Test
  void the_budget_is_what_the_month_has_left(TestCompany company) {
    List<Optional<BigDecimal>> left = new ArrayList<>();
    Worker worker = context -> {
      left.add(context.usage().budget().remainingUsd());
      context.usage().report(new ProviderUsage("acme", "m", 10, 0, 5, new BigDecimal("0.25")));
      left.add(context.usage().budget().remainingUsd());
      assertThat(context.usage().budget().remainingTokens()).isEmpty();
      return new WorkResult.Done("Counted.");
    };
    company.useWorker(worker);
    company.setMonthlyBudget(500);
    TestIssue worked = company.issue("Count", "it").isWorked();
    assertThat(worked).isDone();
    assertThat(left).containsExactly(Optional.of(new BigDecimal("5.00")), Optional.of(new BigDecimal("4.75")));
  }

  @Test
  void the_goal_is_told(TestCompany company) {
    Worker worker = context -> new WorkResult.Done("For: " + context.issue().goalTitle().orElse("nothing"));
    company.useWorker(worker);
    assertThat(company.issue("Aim", "high").isWorked().lastComment()).isEqualTo("For: What the company is for");
  }
}
