package io.heartbeat4j.embedded.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ContractServerExtension.class)
final class BudgetContractTest {

  @Test
  void a_cost_is_reported_by_the_agent_itself_and_counts_at_once(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    TestAgent pia = testCompany.createAgent("Pia");
    LiveRun run = wren.awaitRunFor("Build it");
    String path = "/api/companies/" + testCompany.companyId + "/cost-events";

    JsonNode event = run.client().post(path, cost(wren, 12)).expectStatus(201);

    assertThat(event.path("costCents").asInt()).isEqualTo(12);
    assertThat(run.client().get("/api/agents/me").expectStatus(200).path("spentMonthlyCents").asInt()).isEqualTo(12);
    assertThat(run.client().post(path, cost(pia, 1)).expectError(403)).isEqualTo("Agent can only report its own costs");
    TestResponse incomplete = run.client().post(path, Map.of("agentId", wren.id, "provider", "x"));
    incomplete.expectStatus(400);
    assertThat(incomplete.body().path("details")).hasSize(3);
  }

  @Test
  void the_end_of_the_budget_pauses_the_agent_and_stops_its_runs(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren", Map.of("budgetMonthlyCents", 100));
    LiveRun run = wren.awaitRunFor("Build it");
    run.patch(run.issueId(), Map.of("status", "done", "comment", "built")).expectStatus(200);

    run.client().post("/api/companies/" + testCompany.companyId + "/cost-events", cost(wren, 150)).expectStatus(201);

    run.awaitOver();
    assertThat(run.status()).isEqualTo("cancelled");
    JsonNode me = run.client().get("/api/agents/me").expectStatus(200);
    assertThat(me.path("status").asText()).isEqualTo("paused");
    assertThat(me.path("pauseReason").asText()).isEqualTo("budget");
    assertThat(testCompany.board.get("/api/companies/" + testCompany.companyId + "/approvals").values("type"))
        .contains("budget_override_required");
    TestResponse wake = testCompany.board.post("/api/agents/" + wren.id + "/wakeup", Map.of("source", "on_demand"));
    assertThat(wake.expectError(409)).isEqualTo("Agent is paused because its budget hard-stop was reached.");
  }

  @Test
  void a_budget_below_the_spending_pauses_the_agent_and_a_higher_one_ends_that(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun run = wren.awaitIdleRun("Build it");
    run.client().post("/api/companies/" + testCompany.companyId + "/cost-events", cost(wren, 150)).expectStatus(201);
    String budgets = "/api/agents/" + wren.id + "/budgets";

    testCompany.board.patch(budgets, Map.of("budgetMonthlyCents", 100)).expectStatus(200);

    run.awaitOver();
    assertThat(run.status()).isEqualTo("cancelled");
    assertThat(wren.read().path("pauseReason").asText()).isEqualTo("budget");
    assertThat(wren.read().path("budgetMonthlyCents").asInt()).isEqualTo(100);

    testCompany.board.patch(budgets, Map.of("budgetMonthlyCents", 1_000)).expectStatus(200);

    assertThat(wren.read().path("status").asText()).isEqualTo("idle");
    assertThat(wren.read().path("pauseReason").isNull()).isTrue();
  }

  @Test
  void who_pays_is_one_of_the_servers_words(TestCompany testCompany) {
    TestAgent wren = testCompany.createAgent("Wren");
    LiveRun run = wren.awaitRunFor("Build it");
    String path = "/api/companies/" + testCompany.companyId + "/cost-events";
    Map<String, Object> cost = cost(wren, 12);
    assertThat(run.client().post(path, cost).expectStatus(201).path("billingType").asText()).isEqualTo("unknown");
    cost.put("billingType", "subscription_included");
    cost.put("costStatus", "unpriced");

    JsonNode event = run.client().post(path, cost).expectStatus(201);

    assertThat(event.path("billingType").asText()).isEqualTo("subscription_included");
    assertThat(event.path("costStatus").asText()).isEqualTo("unpriced");
    cost.put("billingType", "imputed");
    run.client().post(path, cost).expectStatus(400);
  }

  private static Map<String, Object> cost(TestAgent agent, int cents) {
    return new HashMap<>(
        Map.of(
            "agentId", agent.id, "provider", "anthropic", "model", "claude", "costCents", cents,
            "occurredAt", Instant.now().toString(), "inputTokens", 100, "outputTokens", 50));
  }
}
