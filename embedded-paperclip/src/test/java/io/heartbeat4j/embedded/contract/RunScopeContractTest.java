package io.heartbeat4j.embedded.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ContractServerExtension.class)
final class RunScopeContractTest {

  private static final String RUN_REQUIRED = "cross_issue_influence_run_context_required";

  @Test
  void an_unscoped_run_neither_comments_nor_updates_even_after_its_own_checkout(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    String issue = testCompany.createBacklog("Build it", wren);
    LiveRun run = wren.awaitUnscopedRun();

    assertThat(run.comment(issue, "before").text("/details/code")).isEqualTo(RUN_REQUIRED);
    run.checkout(issue, "backlog").expectStatus(200);

    TestResponse comment = run.comment(issue, "after");
    comment.expectStatus(403);
    assertThat(comment.text("/code")).isEqualTo(RUN_REQUIRED);
    TestResponse update = run.patch(issue, Map.of("status", "done"));
    update.expectStatus(403);
    assertThat(update.text("/details/code")).isEqualTo(RUN_REQUIRED);
    run.patch(issue, Map.of()).expectStatus(200);
    assertThat(run.context().has("issueId")).isFalse();
  }

  @Test
  void an_unscoped_run_writes_documents_and_asks_questions(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    String issue = "/api/issues/" + testCompany.createBacklog("Build it", wren);
    LiveRun run = wren.awaitUnscopedRun();

    Map<String, Object> document = new HashMap<>(Map.of("title", "n", "format", "markdown", "body", "x"));
    document.put("baseRevisionId", null);
    run.client().put(issue + "/documents/notes", document).expectStatus(201);
    run.client()
        .post(
            issue + "/interactions",
            Map.of("kind", "request_confirmation", "payload", Map.of("version", 1, "prompt", "ok?")))
        .expectStatus(201);
  }

  @Test
  void the_way_out_is_a_wake_of_oneself_for_the_issue(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    String issue = testCompany.createBacklog("Build it", wren);
    LiveRun unscoped = wren.awaitUnscopedRun();

    JsonNode queued = WakeContractTest.selfWake(unscoped, "picked", issue).expectStatus(202);

    assertThat(queued.path("id").asText()).isNotEqualTo(unscoped.id());
    LiveRun scoped = wren.awaitRun();
    assertThat(scoped.id()).isEqualTo(queued.path("id").asText());
    assertThat(scoped.wakeReason()).isEqualTo("picked");
    assertThat(scoped.context().path("triggeredBy").asText()).isEqualTo("agent");
    assertThat(testCompany.read(issue).path("checkoutRunId").asText()).isEqualTo(scoped.id());
    scoped.patch(issue, Map.of("status", "done", "comment", "built")).expectStatus(200);
  }

  @Test
  void an_unscoped_run_may_release_what_it_took(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    String issue = testCompany.createBacklog("Build it", wren);
    LiveRun run = wren.awaitUnscopedRun();
    run.checkout(issue, "backlog").expectStatus(200);

    JsonNode released = run.client().post("/api/issues/" + issue + "/release", Map.of()).expectStatus(200);

    assertThat(released.path("status").asText()).isEqualTo("todo");
    assertThat(released.path("assigneeAgentId").isNull()).isTrue();
  }

  @Test
  void a_scoped_run_makes_at_most_twenty_writes_to_other_issues(TestCompany testCompany) {
    LiveRun run = testCompany.createAgent("Wren").awaitRunFor("Build it");
    String other = testCompany.createIssueId("Other", Map.of());
    for (int i = 0; i < 9; i++) {
      run.patch(other, Map.of("priority", i % 2 == 0 ? "low" : "high", "comment", "twice " + i)).expectStatus(200);
    }
    run.comment(other, "nineteen").expectStatus(201);
    run.patch(other, Map.of("priority", "critical")).expectStatus(200);

    TestResponse refused = run.comment(other, "twenty-one");

    refused.expectStatus(429);
    assertThat(refused.text("/details/code")).isEqualTo("cross_issue_influence_cap_exceeded");
    assertThat(refused.header("retry-after")).isEmpty();
    run.patch(run.issueId(), Map.of("status", "done", "comment", "my own is free")).expectStatus(200);
  }
}
