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

@ExtendWith(ContractServer.class)
final class AuthenticationContractTest {

  private static final String NOT_VERIFIED = "Agent token did not verify; obtain fresh credentials and retry";
  private static final String RUN_REQUIRED = "cross_issue_influence_run_context_required";

  @Test
  void without_a_bearer_the_sender_is_the_board(Workplace work) {
    assertThat(work.board.get("/api/agents/me").error(401)).isEqualTo("Agent authentication required");
    assertThat(work.board.with("Authorization", "Basic abc").get("/api/agents/me").error(401))
        .isEqualTo("Agent authentication required");
    work.board.get("/api/companies/" + work.companyId + "/agents").expect(200);
  }

  @Test
  void bad_credentials_are_told_apart(Workplace work) {
    assertThat(work.board.with("Authorization", "Bearer ").get("/api/agents/me").error(401))
        .isEqualTo("Empty bearer token; provide valid agent credentials and retry");
    assertThat(work.board.bearer("bogus").get("/api/agents/me").error(401)).isEqualTo(NOT_VERIFIED);
    LiveRun run = work.agent("Wren").awaitRunFor("Build it");
    String token = run.variable("PAPERCLIP_API_KEY");
    String forged = token.substring(0, token.lastIndexOf('.') + 1) + "AAAA";
    assertThat(work.board.bearer(forged).get("/api/agents/me").error(401)).isEqualTo(NOT_VERIFIED);
  }

  @Test
  void a_run_token_carries_the_run_and_lives_for_48_hours(Workplace work) throws IOException {
    TestAgent wren = work.agent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");

    String payload = run.variable("PAPERCLIP_API_KEY").split("\\.")[1];
    JsonNode claims = Api.JSON.readTree(new String(Base64.getUrlDecoder().decode(payload), StandardCharsets.UTF_8));

    assertThat(claims.path("sub").asText()).isEqualTo(wren.id);
    assertThat(claims.path("company_id").asText()).isEqualTo(work.companyId);
    assertThat(claims.path("adapter_type").asText()).isEqualTo("process");
    assertThat(claims.path("run_id").asText()).isEqualTo(run.id());
    assertThat(claims.path("responsible_user_id").asText()).isEqualTo("local-board");
    assertThat(claims.path("iss").asText()).isEqualTo("paperclip");
    assertThat(claims.path("aud").asText()).isEqualTo("paperclip-api");
    assertThat(claims.path("exp").asLong() - claims.path("iat").asLong()).isEqualTo(48 * 3600);
    assertThat(claims.has("instance_id")).isTrue();
  }

  @Test
  void a_token_and_another_run_do_not_go_together(Workplace work) {
    LiveRun run = work.agent("Wren").awaitRunFor("Build it");
    String other = UUID.randomUUID().toString();

    Reply reply = run.token().run(other).get("/api/agents/me");

    assertThat(reply.error(422)).isEqualTo("X-Paperclip-Run-Id does not match signed agent JWT run_id");
    assertThat(reply.text("/code")).isEqualTo("agent_jwt_run_id_mismatch");
    assertThat(reply.text("/details/claimRunId")).isEqualTo(run.id());
    assertThat(reply.text("/details/headerRunId")).isEqualTo(other);
  }

  @Test
  void the_identity_names_the_chain_of_command_and_what_the_agent_may(Workplace work) {
    TestAgent cora = work.agent("Cora", Map.of("role", "ceo"));
    TestAgent wren = work.agent("Wren", Map.of("reportsTo", cora.id));
    LiveRun run = wren.awaitRunFor("Build it");

    JsonNode me = run.api().get("/api/agents/me").expect(200);

    assertThat(me.path("id").asText()).isEqualTo(wren.id);
    assertThat(me.path("companyId").asText()).isEqualTo(work.companyId);
    assertThat(me.path("status").asText()).isEqualTo("running");
    assertThat(me.path("reportsTo").asText()).isEqualTo(cora.id);
    assertThat(me.at("/chainOfCommand/0/id").asText()).isEqualTo(cora.id);
    assertThat(me.at("/chainOfCommand/0/role").asText()).isEqualTo("ceo");
    assertThat(me.at("/access/canAssignTasks").asBoolean()).isTrue();
    assertThat(me.path("budgetMonthlyCents").asInt()).isZero();
    assertThat(me.path("pauseReason").isNull()).isTrue();
  }

  @Test
  void agents_are_kept_out_of_board_routes(Workplace work) {
    LiveRun run = work.agent("Wren").awaitRunFor("Build it");

    assertThat(run.api().get("/api/companies").error(403)).isEqualTo("Board access required");
    assertThat(run.api().post("/api/agents/" + run.agent().id + "/pause", Map.of()).error(403))
        .isEqualTo("Board access required");
  }

  @Test
  void another_company_is_forbidden_and_its_issues_do_not_exist(Workplace work) {
    LiveRun run = work.agent("Wren").awaitRunFor("Build it");
    Workplace other = Workplace.open(work.board.baseUrl(), "other");
    String theirs = other.issue("Secret", Map.of());

    assertThat(run.api().get(other.issues("")).error(403)).isEqualTo("Agent key cannot access another company");
    assertThat(run.api().get("/api/issues/" + theirs).error(404)).isEqualTo("Issue not found");
  }

  @Test
  void a_key_reads_and_creates_without_a_run(Workplace work) {
    TestAgent wren = work.agent("Wren");
    Api key = wren.key();

    assertThat(key.get("/api/agents/me").expect(200).path("id").asText()).isEqualTo(wren.id);
    JsonNode created = key.post(work.issues(""), Map.of("title", "By key")).expect(201);
    assertThat(created.path("createdByAgentId").asText()).isEqualTo(wren.id);
    assertThat(created.path("originRunId").isNull()).isTrue();
  }

  @Test
  void a_key_without_a_run_neither_comments_nor_updates(Workplace work) {
    TestAgent wren = work.agent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");
    Api key = wren.key();
    String idle = "/api/issues/" + work.backlog("Later", wren);

    assertThat(key.patch(run.issuePath(), Map.of("priority", "low")).error(401)).isEqualTo("Agent run id required");
    assertThat(key.post(run.issuePath() + "/release", Map.of()).error(401)).isEqualTo("Agent run id required");
    Reply comment = key.post(idle + "/comments", Map.of("body", "x"));
    comment.expect(403);
    assertThat(comment.text("/details/code")).isEqualTo(RUN_REQUIRED);
    Reply update = key.patch(idle, Map.of("priority", "low"));
    update.expect(403);
    assertThat(update.text("/details/code")).isEqualTo(RUN_REQUIRED);
  }

  @Test
  void a_key_with_a_foreign_unknown_or_malformed_run_does_not_comment(Workplace work) {
    TestAgent wren = work.agent("Wren");
    LiveRun foreign = work.agent("Pia").awaitRunFor("Test it");
    Api key = wren.key();
    String path = "/api/issues/" + work.backlog("Later", wren) + "/comments";

    assertThat(key.run(foreign.id()).post(path, Map.of("body", "x")).text("/details/code")).isEqualTo(RUN_REQUIRED);
    assertThat(key.run(UUID.randomUUID().toString()).post(path, Map.of("body", "x")).text("/details/code"))
        .isEqualTo(RUN_REQUIRED);
    assertThat(key.run("abc").post(path, Map.of("body", "x")).error(500)).isEqualTo("Internal server error");
  }

  @Test
  void a_finished_runs_token_still_reads_comments_and_creates(Workplace work) {
    LiveRun run = work.agent("Wren").awaitIdleRun("Build it");
    String issue = run.issueId();
    run.end();

    run.api().get("/api/agents/me").expect(200);
    run.comment(issue, "late").expect(201);
    run.api().post(work.issues(""), Map.of("title", "late subtask", "parentId", issue)).expect(201);
    run.patch(issue, Map.of("priority", "high")).expect(200);
  }

  @Test
  void a_paused_agent_still_has_its_credentials(Workplace work) {
    TestAgent wren = work.agent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");
    String issue = run.issueId();
    work.board.post("/api/agents/" + wren.id + "/pause", Map.of()).expect(200);
    run.awaitOver();

    JsonNode me = run.api().get("/api/agents/me").expect(200);
    assertThat(me.path("status").asText()).isEqualTo("paused");
    assertThat(me.path("pauseReason").asText()).isEqualTo("manual");
    run.comment(issue, "still here").expect(201);
    Reply wake = work.board.post("/api/agents/" + wren.id + "/wakeup", Map.of("source", "on_demand"));
    assertThat(wake.error(409)).isEqualTo("Agent is not invokable in its current state");
  }

  @Test
  void a_terminated_agents_token_is_refused_and_its_keys_are_revoked(Workplace work) {
    TestAgent wren = work.agent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");
    Api key = wren.key();
    work.board.post("/api/agents/" + wren.id + "/terminate", Map.of()).expect(200);

    assertThat(run.api().get("/api/agents/me").error(401)).isEqualTo("Agent is terminated and cannot authenticate");
    assertThat(key.get("/api/agents/me").error(401)).isEqualTo(NOT_VERIFIED);
  }

  @Test
  void the_agents_of_the_company_are_listed(Workplace work) {
    TestAgent wren = work.agent("Wren");
    TestAgent pia = work.agent("Pia");

    Reply agents = wren.key().get("/api/companies/" + work.companyId + "/agents");

    agents.expect(200);
    assertThat(agents.column("id")).containsExactlyInAnyOrderElementsOf(List.of(wren.id, pia.id));
  }

  @Test
  void an_agent_reads_the_instructions_that_the_board_keeps_for_it(Workplace work) {
    TestAgent wren = work.agent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");
    String bundle = "/api/agents/" + wren.id + "/instructions-bundle/file";
    assertThat(run.api().get("/api/agents/me").expect(200).path("adapterConfig").has("instructionsEntryFile")).isFalse();
    run.api().get(bundle + "?path=AGENTS.md").expect(404);

    work.board.put(bundle, Map.of("path", "AGENTS.md", "content", "Be brief.")).expect(200);

    assertThat(run.api().get("/api/agents/me").expect(200).path("adapterConfig").path("instructionsEntryFile").asText())
        .isEqualTo("AGENTS.md");
    assertThat(run.api().get(bundle + "?path=AGENTS.md").expect(200).path("content").asText()).isEqualTo("Be brief.");
    assertThat(run.api().get(bundle + "?path=NO.md").error(404)).isEqualTo("Instructions file not found");
  }
}
