package io.heartbeat4j.embedded.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ContractServer.class)
final class ScopeContractTest {

  private static final String RUN_REQUIRED = "cross_issue_influence_run_context_required";

  @Test
  void an_unscoped_run_neither_comments_nor_updates_even_after_its_own_checkout(Workplace work) {
    TestAgent wren = work.agent("Wren");
    String issue = work.backlog("Build it", wren);
    LiveRun run = wren.awaitUnscopedRun();

    assertThat(run.comment(issue, "before").text("/details/code")).isEqualTo(RUN_REQUIRED);
    run.checkout(issue, "backlog").expect(200);

    Reply comment = run.comment(issue, "after");
    comment.expect(403);
    assertThat(comment.text("/code")).isEqualTo(RUN_REQUIRED);
    Reply update = run.patch(issue, Map.of("status", "done"));
    update.expect(403);
    assertThat(update.text("/details/code")).isEqualTo(RUN_REQUIRED);
    run.patch(issue, Map.of()).expect(200);
    assertThat(run.context().has("issueId")).isFalse();
  }

  @Test
  void an_unscoped_run_writes_documents_and_asks_questions(Workplace work) {
    TestAgent wren = work.agent("Wren");
    String issue = "/api/issues/" + work.backlog("Build it", wren);
    LiveRun run = wren.awaitUnscopedRun();

    Map<String, Object> document = new HashMap<>(Map.of("title", "n", "format", "markdown", "body", "x"));
    document.put("baseRevisionId", null);
    run.api().put(issue + "/documents/notes", document).expect(201);
    run.api()
        .post(
            issue + "/interactions",
            Map.of("kind", "request_confirmation", "payload", Map.of("version", 1, "prompt", "ok?")))
        .expect(201);
  }

  @Test
  void the_way_out_is_a_wake_of_oneself_for_the_issue(Workplace work) {
    TestAgent wren = work.agent("Wren");
    String issue = work.backlog("Build it", wren);
    LiveRun unscoped = wren.awaitUnscopedRun();

    JsonNode queued = WakeContractTest.selfWake(unscoped, "picked", issue).expect(202);

    assertThat(queued.path("id").asText()).isNotEqualTo(unscoped.id());
    LiveRun scoped = wren.awaitRun();
    assertThat(scoped.id()).isEqualTo(queued.path("id").asText());
    assertThat(scoped.wakeReason()).isEqualTo("picked");
    assertThat(scoped.context().path("triggeredBy").asText()).isEqualTo("agent");
    assertThat(work.read(issue).path("checkoutRunId").asText()).isEqualTo(scoped.id());
    scoped.patch(issue, Map.of("status", "done", "comment", "built")).expect(200);
  }

  @Test
  void an_unscoped_run_may_release_what_it_took(Workplace work) {
    TestAgent wren = work.agent("Wren");
    String issue = work.backlog("Build it", wren);
    LiveRun run = wren.awaitUnscopedRun();
    run.checkout(issue, "backlog").expect(200);

    JsonNode released = run.api().post("/api/issues/" + issue + "/release", Map.of()).expect(200);

    assertThat(released.path("status").asText()).isEqualTo("todo");
    assertThat(released.path("assigneeAgentId").isNull()).isTrue();
  }

  @Test
  void a_scoped_run_makes_at_most_twenty_writes_to_other_issues(Workplace work) {
    LiveRun run = work.agent("Wren").awaitRunFor("Build it");
    String other = work.issue("Other", Map.of());
    for (int i = 0; i < 9; i++) {
      run.patch(other, Map.of("priority", i % 2 == 0 ? "low" : "high", "comment", "twice " + i)).expect(200);
    }
    run.comment(other, "nineteen").expect(201);
    run.patch(other, Map.of("priority", "critical")).expect(200);

    Reply refused = run.comment(other, "twenty-one");

    refused.expect(429);
    assertThat(refused.text("/details/code")).isEqualTo("cross_issue_influence_cap_exceeded");
    assertThat(refused.header("retry-after")).isEmpty();
    run.patch(run.issueId(), Map.of("status", "done", "comment", "my own is free")).expect(200);
  }
}
