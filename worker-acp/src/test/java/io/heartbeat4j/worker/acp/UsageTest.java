package io.heartbeat4j.worker.acp;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.protocol.IssueStatus;
import io.heartbeat4j.testkit.TestIssue;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tokens and cents are told once, wherever the program tells them. */
@Timeout(60)
class UsageTest {

  private static final String DONE = "write a b\ntool finish {\"status\": \"done\", \"summary\": \"Done.\"}\n";

  @TempDir
  Path directory;

  private String lastComment(String script) throws Exception {
    try (AcpFixture acp = new AcpFixture(directory, script)) {
      return acp.company().issue("Work").isWorked().lastComment();
    }
  }

  private static String call(int input, int output) {
    return "update agent_message_chunk {\"content\": {\"type\": \"text\", \"text\": \"\"}, \"_meta\": {\"usage\":"
        + " {\"inputTokens\": " + input + ", \"outputTokens\": " + output + ", \"totalTokens\": " + (input + output)
        + "}}}\n";
  }

  @Test
  void calls_of_the_model_are_added_up() throws Exception {
    assertThat(lastComment("-\n" + call(100, 10) + call(200, 20) + DONE))
        .contains("300 tokens in (0 of them cached), 30 out");
  }

  @Test
  void a_turns_sum_adds_only_what_its_calls_have_not_told() throws Exception {
    assertThat(lastComment("-\n" + call(100, 10) + DONE
        + "usage {\"inputTokens\": 300, \"outputTokens\": 30, \"totalTokens\": 330}\n"))
        .contains("300 tokens in (0 of them cached), 30 out");
  }

  @Test
  void cached_input_and_thinking_count_where_the_total_has_them_beside_the_rest() throws Exception {
    assertThat(
        lastComment("-\n" + DONE + "usage {\"inputTokens\": 100, \"outputTokens\": 10, \"cachedReadTokens\": 1000,"
            + " \"cachedWriteTokens\": 50, \"thoughtTokens\": 5, \"totalTokens\": 1165}\n"))
        .contains("1,150 tokens in (1,000 of them cached), 15 out");
  }

  @Test
  void cached_input_and_thinking_count_once_where_they_are_part_of_the_rest() throws Exception {
    assertThat(
        lastComment("-\n" + DONE + "usage {\"inputTokens\": 1150, \"outputTokens\": 15, \"cachedReadTokens\": 1000,"
            + " \"thoughtTokens\": 5, \"totalTokens\": 1165}\n"))
        .contains("1,150 tokens in (1,000 of them cached), 15 out");
  }

  @Test
  void a_sessions_cost_is_reported_as_differences_over_its_runs() throws Exception {
    String cost = "update usage_update {\"used\": 1, \"size\": 2, \"cost\": {\"amount\": %s, \"currency\": \"USD\"}}\n";
    try (AcpFixture acp = new AcpFixture(directory, "loads\n" + cost.formatted("0.04") + cost.formatted("0.10") + DONE
        + "---\n" + cost.formatted("0.25") + DONE)) {
      TestIssue first = acp.company().issue("Work", "").isWorked();
      assertThat(first.lastComment()).contains("0.1000 US dollars by the agent's program");
      assertThat(acp.company().spentCents()).isEqualTo(10);
      TestIssue second = first.comment("More.");
      assertThat(second.lastComment()).contains("0.1500 US dollars by the agent's program");
      assertThat(acp.company().spentCents()).isEqualTo(25);
    }
  }

  @Test
  void tokens_cost_what_the_operators_price_list_says_where_the_program_tells_no_cost() throws Exception {
    try (AcpFixture acp = new AcpFixture(directory, Map.of("prices", Map.of("default", "10, 1, 20")),
        "-\n" + call(10_000, 500) + DONE)) {
      assertThat(acp.company().issue("Work").isWorked().lastComment()).contains("0.1100 US dollars by the price list");
      assertThat(acp.company().spentCents()).isEqualTo(11);
    }
  }

  @Test
  void a_cost_that_the_program_tells_replaces_what_the_price_list_has_counted() throws Exception {
    try (AcpFixture acp = new AcpFixture(directory, Map.of("prices", Map.of("default", "10, 1, 20")),
        "-\n" + call(10_000, 500) + "update usage_update {\"cost\": {\"amount\": 0.15, \"currency\": \"USD\"}}\n"
            + DONE)) {
      assertThat(acp.company().issue("Work").isWorked().lastComment())
          .contains("0.1500 US dollars by the agent's program");
      assertThat(acp.company().spentCents()).isEqualTo(15);
    }
  }

  @Test
  void a_budget_that_is_spent_ends_the_turn() throws Exception {
    try (AcpFixture acp = new AcpFixture(directory,
        "-\nupdate usage_update {\"cost\": {\"amount\": 0.02, \"currency\": \"USD\"}}\nsay Half of it.\nhang\n")) {
      acp.company().setMonthlyBudget(1);
      TestIssue worked = acp.company().issue("Work", "").isWorked();
      assertThat(worked.status()).as(worked.toString()).isEqualTo(IssueStatus.BLOCKED);
      assertThat(worked.lastComment()).contains("the agent's budget is spent").contains("> Half of it.");
      assertThat(acp.log()).contains("session/cancel");
      acp.nothingIsLeft();
    }
  }
}
