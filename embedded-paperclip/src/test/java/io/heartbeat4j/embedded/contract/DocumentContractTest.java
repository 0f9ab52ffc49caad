package io.heartbeat4j.embedded.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ContractServerExtension.class)
final class DocumentContractTest {

  @Test
  void a_document_is_created_and_then_updated_from_its_latest_revision(TestCompany testCompany) {
    LiveRun run = testCompany.createAgent("Wren").awaitRunFor("Build it");
    String path = run.issuePath() + "/documents/plan";
    Map<String, Object> body = new HashMap<>(Map.of("title", "Plan", "format", "markdown", "body", "# Plan"));
    body.put("baseRevisionId", null);
    JsonNode created = run.client().put(path, body).expectStatus(201);
    assertThat(created.path("latestRevisionNumber").asInt()).isEqualTo(1);

    body.put("body", "# Plan 2");
    TestResponse stale = run.client().put(path, body);
    stale.expectStatus(409);
    assertThat(stale.body().at("/details/currentRevisionId")).isEqualTo(created.path("latestRevisionId"));
    body.put("baseRevisionId", created.path("latestRevisionId").asText());
    JsonNode updated = run.client().put(path, body).expectStatus(200);

    assertThat(updated.path("latestRevisionNumber").asInt()).isEqualTo(2);
    assertThat(updated.path("latestRevisionId")).isNotEqualTo(created.path("latestRevisionId"));
    assertThat(run.client().get(path).expectStatus(200).path("body").asText()).isEqualTo("# Plan 2");
    assertThat(testCompany.read(run.issueId()).at("/planDocument/key").asText()).isEqualTo("plan");
  }

  @Test
  void a_work_product_is_attached(TestCompany testCompany) {
    LiveRun run = testCompany.createAgent("Wren").awaitRunFor("Build it");

    JsonNode product = run.client()
        .post(
            run.issuePath() + "/work-products",
            Map.of(
                "type", "pull_request", "provider", "github", "title", "PR",
                "url", "https://example.com/pr/1", "status", "ready_for_review"))
        .expectStatus(201);

    assertThat(product.path("createdByRunId").asText()).isEqualTo(run.id());
    assertThat(testCompany.read(run.issueId()).at("/workProducts/0/title").asText()).isEqualTo("PR");
  }
}
