package io.heartbeat4j.embedded.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ContractServerExtension.class)
final class AuthenticationContractTest {

  private static final String NOT_VERIFIED = "Agent token did not verify; obtain fresh credentials and retry";
  private static final String RUN_REQUIRED = "cross_issue_influence_run_context_required";

  @Test
  void without_a_bearer_the_sender_is_the_board(TestCompany testCompany) {
    assertThat(testCompany.board.get("/api/agents/me").expectError(401)).isEqualTo("Agent authentication required");
    assertThat(testCompany.board.withHeader("Authorization", "Basic abc").get("/api/agents/me").expectError(401))
        .isEqualTo("Agent authentication required");
    testCompany.board.get("/api/companies/" + testCompany.companyId + "/agents").expectStatus(200);
  }

  @Test
  void bad_credentials_are_told_apart(TestCompany testCompany) {
    assertThat(testCompany.board.withHeader("Authorization", "Bearer ").get("/api/agents/me").expectError(401))
        .isEqualTo("Empty bearer token; provide valid agent credentials and retry");
    assertThat(testCompany.board.withBearer("bogus").get("/api/agents/me").expectError(401)).isEqualTo(NOT_VERIFIED);
    LiveRun run = testCompany.createAgent("Wren").awaitRunFor("Build it");
    String token = run.variable("PAPERCLIP_API_KEY");
    String forged = token.substring(0, token.lastIndexOf('.') + 1) + "AAAA";
    assertThat(testCompany.board.withBearer(forged).get("/api/agents/me").expectError(401)).isEqualTo(NOT_VERIFIED);
  }

  @Test
  void a_run_token_carries_the_run_and_lives_for_48_hours(TestCompany testCompany) throws IOException {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");

    String payload = run.variable("PAPERCLIP_API_KEY").split("\\.")[1];
    JsonNode claims = TestApiClient.JSON
        .readTree(new String(Base64.getUrlDecoder().decode(payload), StandardCharsets.UTF_8));

    assertThat(claims.path("sub").asText()).isEqualTo(wren.id);
    assertThat(claims.path("company_id").asText()).isEqualTo(testCompany.companyId);
    assertThat(claims.path("adapter_type").asText()).isEqualTo("process");
    assertThat(claims.path("run_id").asText()).isEqualTo(run.id());
    assertThat(claims.path("responsible_user_id").asText()).isEqualTo("local-board");
    assertThat(claims.path("iss").asText()).isEqualTo("paperclip");
    assertThat(claims.path("aud").asText()).isEqualTo("paperclip-api");
    assertThat(claims.path("exp").asLong() - claims.path("iat").asLong()).isEqualTo(48 * 3600);
    assertThat(claims.has("instance_id")).isTrue();
  }

  @Test
  void a_token_and_another_run_do_not_go_together(TestCompany testCompany) {
    LiveRun run = testCompany.createAgent("Wren").awaitRunFor("Build it");
    String other = UUID.randomUUID().toString();

    TestResponse testResponse = run.tokenClient().withRunId(other).get("/api/agents/me");

    assertThat(testResponse.expectError(422)).isEqualTo("X-Paperclip-Run-Id does not match signed agent JWT run_id");
    assertThat(testResponse.text("/code")).isEqualTo("agent_jwt_run_id_mismatch");
    assertThat(testResponse.text("/details/claimRunId")).isEqualTo(run.id());
    assertThat(testResponse.text("/details/headerRunId")).isEqualTo(other);
  }

  @Test
  void the_identity_names_the_chain_of_command_and_what_the_agent_may(TestCompany testCompany) {
    TestAgent cora = testCompany.createAgent("Cora", Map.of("role", "ceo"));
    TestAgent wren = testCompany.createAgent("Wren", Map.of("reportsTo", cora.id));
    LiveRun run = wren.awaitRunFor("Build it");

    JsonNode me = run.client().get("/api/agents/me").expectStatus(200);

    assertThat(me.path("id").asText()).isEqualTo(wren.id);
    assertThat(me.path("companyId").asText()).isEqualTo(testCompany.companyId);
    assertThat(me.path("status").asText()).isEqualTo("running");
    assertThat(me.path("reportsTo").asText()).isEqualTo(cora.id);
    assertThat(me.at("/chainOfCommand/0/id").asText()).isEqualTo(cora.id);
    assertThat(me.at("/chainOfCommand/0/role").asText()).isEqualTo("ceo");
    assertThat(me.at("/access/canAssignTasks").asBoolean()).isTrue();
    assertThat(me.path("budgetMonthlyCents").asInt()).isZero();
    assertThat(me.path("pauseReason").isNull()).isTrue();
  }

  @Test
  void agents_are_kept_out_of_board_routes(TestCompany testCompany) {
    LiveRun run = testCompany.createAgent("Wren").awaitRunFor("Build it");

    assertThat(run.client().get("/api/companies").expectError(403)).isEqualTo("Board access required");
    assertThat(run.client().post("/api/agents/" + run.agent().id + "/pause", Map.of()).expectError(403))
        .isEqualTo("Board access required");
  }

  @Test
  void another_company_is_forbidden_and_its_issues_do_not_exist(TestCompany testCompany) {
    LiveRun run = testCompany.createAgent("Wren").awaitRunFor("Build it");
    TestCompany other = TestCompany.create(testCompany.board.baseUrl(), "other");
    String theirs = other.createIssueId("Secret", Map.of());

    assertThat(run.client().get(other.issues("")).expectError(403))
        .isEqualTo("Agent key cannot access another company");
    assertThat(run.client().get("/api/issues/" + theirs).expectError(404)).isEqualTo("Issue not found");
  }

  @Test
  void a_key_reads_and_creates_without_a_run(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    TestApiClient key = wren.keyClient();

    assertThat(key.get("/api/agents/me").expectStatus(200).path("id").asText()).isEqualTo(wren.id);
    JsonNode created = key.post(testCompany.issues(""), Map.of("title", "By key")).expectStatus(201);
    assertThat(created.path("createdByAgentId").asText()).isEqualTo(wren.id);
    assertThat(created.path("originRunId").isNull()).isTrue();
  }

  @Test
  void a_key_without_a_run_neither_comments_nor_updates(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");
    TestApiClient key = wren.keyClient();
    String idle = "/api/issues/" + testCompany.createBacklog("Later", wren);

    assertThat(key.patch(run.issuePath(), Map.of("priority", "low")).expectError(401))
        .isEqualTo("Agent run id required");
    assertThat(key.post(run.issuePath() + "/release", Map.of()).expectError(401)).isEqualTo("Agent run id required");
    TestResponse comment = key.post(idle + "/comments", Map.of("body", "x"));
    comment.expectStatus(403);
    assertThat(comment.text("/details/code")).isEqualTo(RUN_REQUIRED);
    TestResponse update = key.patch(idle, Map.of("priority", "low"));
    update.expectStatus(403);
    assertThat(update.text("/details/code")).isEqualTo(RUN_REQUIRED);
  }

  @Test
  void a_key_with_a_foreign_unknown_or_malformed_run_does_not_comment(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun foreign = testCompany.createAgent("Pia").awaitRunFor("Test it");
    TestApiClient key = wren.keyClient();
    String path = "/api/issues/" + testCompany.createBacklog("Later", wren) + "/comments";

    assertThat(key.withRunId(foreign.id()).post(path, Map.of("body", "x")).text("/details/code"))
        .isEqualTo(RUN_REQUIRED);
    assertThat(key.withRunId(UUID.randomUUID().toString()).post(path, Map.of("body", "x")).text("/details/code"))
        .isEqualTo(RUN_REQUIRED);
    assertThat(key.withRunId("abc").post(path, Map.of("body", "x")).expectError(500))
        .isEqualTo("Internal server error");
  }

  @Test
  void a_finished_runs_token_still_reads_comments_and_creates(TestCompany testCompany) {
    LiveRun run = testCompany.createAgent("Wren").awaitIdleRun("Build it");
    String issue = run.issueId();
    run.endProcess();

    run.client().get("/api/agents/me").expectStatus(200);
    run.comment(issue, "late").expectStatus(201);
    run.client().post(testCompany.issues(""), Map.of("title", "late subtask", "parentId", issue)).expectStatus(201);
    run.patch(issue, Map.of("priority", "high")).expectStatus(200);
  }

  @Test
  void a_paused_agent_still_has_its_credentials(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");
    String issue = run.issueId();
    testCompany.board.post("/api/agents/" + wren.id + "/pause", Map.of()).expectStatus(200);
    run.awaitOver();

    JsonNode me = run.client().get("/api/agents/me").expectStatus(200);
    assertThat(me.path("status").asText()).isEqualTo("paused");
    assertThat(me.path("pauseReason").asText()).isEqualTo("manual");
    run.comment(issue, "still here").expectStatus(201);
    TestResponse wake = testCompany.board.post("/api/agents/" + wren.id + "/wakeup", Map.of("source", "on_demand"));
    assertThat(wake.expectError(409)).isEqualTo("Agent is not invokable in its current state");
  }

  @Test
  void a_terminated_agents_token_is_refused_and_its_keys_are_revoked(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");
    TestApiClient key = wren.keyClient();
    testCompany.board.post("/api/agents/" + wren.id + "/terminate", Map.of()).expectStatus(200);

    assertThat(run.client().get("/api/agents/me").expectError(401))
        .isEqualTo("Agent is terminated and cannot authenticate");
    assertThat(key.get("/api/agents/me").expectError(401)).isEqualTo(NOT_VERIFIED);
  }

  @Test
  void the_agents_of_the_company_are_listed(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    TestAgent pia = testCompany.createAgent("Pia");

    TestResponse agents = wren.keyClient().get("/api/companies/" + testCompany.companyId + "/agents");

    agents.expectStatus(200);
    assertThat(agents.values("id")).containsExactlyInAnyOrderElementsOf(List.of(wren.id, pia.id));
  }

  @Test
  void an_agent_reads_the_instructions_that_the_board_keeps_for_it(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");
    String bundle = "/api/agents/" + wren.id + "/instructions-bundle/file";
    assertThat(run.client().get("/api/agents/me").expectStatus(200).path("adapterConfig").has("instructionsEntryFile"))
        .isFalse();
    run.client().get(bundle + "?path=AGENTS.md").expectStatus(404);

    testCompany.board.put(bundle, Map.of("path", "AGENTS.md", "content", "Be brief.")).expectStatus(200);

    assertThat(run.client().get("/api/agents/me").expectStatus(200).path("adapterConfig").path("instructionsEntryFile")
        .asText())
        .isEqualTo("AGENTS.md");
    assertThat(run.client().get(bundle + "?path=AGENTS.md").expectStatus(200).path("content").asText())
        .isEqualTo("Be brief.");
    assertThat(run.client().get(bundle + "?path=NO.md").expectError(404)).isEqualTo("Instructions file not found");
  }
}
