package io.heartbeat4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heartbeat4j.protocol.IssueStatus;
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
class WorkContextTest {

  @Test
  void a_document_is_written_and_replaced_by_its_revision() throws Exception {
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
    try (WorkerTestKit kit = WorkerTestKit.start(worker)) {
      IssueAfterHeartbeat worked = kit.assignIssue("Plan", "it");
      assertThat(worked.status()).as(worked.toString()).isEqualTo(IssueStatus.DONE);
      assertThat(seen).extracting(IssueDocument::body).containsExactly("# First", "# Second", "# Second");
      assertThat(seen.get(2).revision()).isEqualTo(seen.get(1).revision());
    }
  }

  @Test
  void a_documents_key_can_not_leave_the_issue() throws Exception {
    Worker worker = context -> {
      context.actions().createDocument("../../comments", "x", "y");
      return new WorkResult.Done("never");
    };
    try (WorkerTestKit kit = WorkerTestKit.start(worker)) {
      IssueAfterHeartbeat worked = kit.assignIssue("Plan", "it");
      assertThat(worked.status()).isEqualTo(IssueStatus.BLOCKED);
      assertThat(worked.lastComment()).contains("can't be a document's key");
    }
  }

  @Test
  void a_closed_gate_ends_the_work_as_later() throws Exception {
    Instant until = Instant.now().plus(1, ChronoUnit.HOURS);
    Worker worker = context -> {
      context.usage().providerGate("acme/one").checkOpen();
      context.usage().providerGate("acme/one").closeUntil(until, "the quota of acme/one is used up");
      context.usage().providerGate("acme/one").closeUntil(until.minusSeconds(1800), "a shorter wait");
      context.usage().providerGate("acme/two").checkOpen();
      context.usage().providerGate("acme/one").checkOpen();
      return new WorkResult.Done("never");
    };
    try (WorkerTestKit kit = WorkerTestKit.start(worker)) {
      IssueAfterHeartbeat worked = kit.assignIssue("Think", "hard");
      assertThat(worked.status()).as(worked.toString()).isEqualTo(IssueStatus.IN_REVIEW);
      assertThat(worked.lastComment()).contains("the quota of acme/one is used up");
      assertThat(worked.issue().monitorNextCheckAt()).isBetween(until.minusMillis(1), until.plusSeconds(20));
    }
  }

  @Test
  void the_budget_is_what_the_month_has_left() throws Exception {
    List<Optional<BigDecimal>> left = new ArrayList<>();
    Worker worker = context -> {
      left.add(context.usage().budget().remainingUsd());
      context.usage().report(new ProviderUsage("acme", "m", 10, 0, 5, new BigDecimal("0.25")));
      left.add(context.usage().budget().remainingUsd());
      assertThat(context.usage().budget().remainingTokens()).isEmpty();
      return new WorkResult.Done("Counted.");
    };
    try (WorkerTestKit kit = WorkerTestKit.start(worker)) {
      kit.setMonthlyBudget(500);
      IssueAfterHeartbeat worked = kit.assignIssue("Count", "it");
      assertThat(worked.status()).as(worked.toString()).isEqualTo(IssueStatus.DONE);
      assertThat(left).containsExactly(Optional.of(new BigDecimal("5.00")), Optional.of(new BigDecimal("4.75")));
    }
  }

  @Test
  void the_goal_is_told() throws Exception {
    Worker worker = context -> new WorkResult.Done("For: " + context.issue().goalTitle().orElse("nothing"));
    try (WorkerTestKit kit = WorkerTestKit.start(worker)) {
      assertThat(kit.assignIssue("Aim", "high").lastComment()).isEqualTo("For: What the company is for");
    }
  }
}
