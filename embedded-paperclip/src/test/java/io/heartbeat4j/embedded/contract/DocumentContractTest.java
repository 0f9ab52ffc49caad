package io.heartbeat4j.embedded.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ContractServer.class)
final class DocumentContractTest {

  @Test
  void a_document_is_created_and_then_updated_from_its_latest_revision(Workplace work) {
    LiveRun run = work.agent("Wren").awaitRunFor("Build it");
    String path = run.issuePath() + "/documents/plan";
    Map<String, Object> body = new HashMap<>(Map.of("title", "Plan", "format", "markdown", "body", "# Plan"));
    body.put("baseRevisionId", null);
    JsonNode created = run.api().put(path, body).expect(201);
    assertThat(created.path("latestRevisionNumber").asInt()).isEqualTo(1);

    body.put("body", "# Plan 2");
    Reply stale = run.api().put(path, body);
    stale.expect(409);
    assertThat(stale.body().at("/details/currentRevisionId")).isEqualTo(created.path("latestRevisionId"));
    body.put("baseRevisionId", created.path("latestRevisionId").asText());
    JsonNode updated = run.api().put(path, body).expect(200);

    assertThat(updated.path("latestRevisionNumber").asInt()).isEqualTo(2);
    assertThat(updated.path("latestRevisionId")).isNotEqualTo(created.path("latestRevisionId"));
    assertThat(run.api().get(path).expect(200).path("body").asText()).isEqualTo("# Plan 2");
    assertThat(work.read(run.issueId()).at("/planDocument/key").asText()).isEqualTo("plan");
  }

  @Test
  void a_work_product_is_attached(Workplace work) {
    LiveRun run = work.agent("Wren").awaitRunFor("Build it");

    JsonNode product =
        run.api()
            .post(
                run.issuePath() + "/work-products",
                Map.of(
                    "type", "pull_request", "provider", "github", "title", "PR",
                    "url", "https://example.com/pr/1", "status", "ready_for_review"))
            .expect(201);

    assertThat(product.path("createdByRunId").asText()).isEqualTo(run.id());
    assertThat(work.read(run.issueId()).at("/workProducts/0/title").asText()).isEqualTo("PR");
  }
}
