package io.heartbeat4j.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A small company with two agents. One issue is done at once, one is delegated, one waits for an approval, one is
 * blocked, and one is reassigned by the board between an agent's pick and its checkout.
 */
final class DemoScenario {

  private static final Duration LIMIT = Duration.ofMinutes(3);

  private final BoardClient boardClient;
  private final InterceptingProxy proxy;
  private final PrintStream out;
  private final Set<String> printed = new HashSet<>();
  private final List<String> issues = new ArrayList<>();
  private final String cora;
  private final String wren;
  private final String goal;

  DemoScenario(BoardClient boardClient, InterceptingProxy proxy, String agentsUrl, Path home, Path state,
      PrintStream out) {
    this.boardClient = boardClient;
    this.proxy = proxy;
    this.out = out;
    this.goal = boardClient.createGoal("Ship version 1");
    Map<String, Object> adapter = adapter(agentsUrl, home, state);
    this.cora = boardClient.createAgent("Cora", adapter);
    this.wren = boardClient.createAgent("Wren", adapter, cora);
  }

  private static Map<String, Object> adapter(String agentsUrl, Path home, Path state) {
    return Map.of(
        "command", home.resolve("bin/heartbeat").toString(),
        "args", List.of("run"),
        "env", Map.of(
            "HEARTBEAT_API_URL", agentsUrl,
            "HEARTBEAT_WORKER", "shell",
            "HEARTBEAT_WORKER_COMMAND", "[\"" + home.resolve("etc/demo/agent.sh") + "\"]",
            "HEARTBEAT_STATE_DIR", state.toString()));
  }

  /** Runs the scenario; returns whether every issue is settled and exactly one conflict occurred. */
  boolean run() {
    narrate("Two agents, Cora and her report Wren. The board assigns three issues.");
    createAssignedIssue("Greet the newcomer", wren);
    createAssignedIssue("Plan the release", cora);
    createAssignedIssue("Buy the licence", wren);
    waitUntilAllAreDone();

    narrate(
        "One issue is blocked. Another is assigned to Wren; the board reassigns it to Cora just before Wren's checkout.");
    String firewall = createIssue(Map.of("title", "Open the firewall", "status", "backlog", "goalId", goal));
    String deploy = createIssue(Map.of("title", "Deploy", "status", "blocked", "assigneeAgentId", wren, "goalId", goal,
        "blockedByIssueIds", List.of(firewall)));
    boardClient.post("/agents/" + wren + "/pause", Map.of());
    String answer = createAssignedIssue("Answer the customer", wren);
    boardClient.post("/agents/" + wren + "/resume", Map.of());
    proxy.beforeCheckout(answer, () -> boardClient.patch("/issues/" + answer, Map.of("assigneeAgentId", cora)));
    boardClient.post("/issues/" + deploy + "/comments", Map.of("body", "How far is this?"));
    waitUntil("the contested issue is done", () -> boardClient.issueStatus(answer).equals("done") && noRunIsActive());

    narrate("Cora removes what blocked Wren.");
    boardClient.patch("/issues/" + firewall, Map.of("status", "todo", "assigneeAgentId", cora));
    waitUntilAllAreDone();
    return printReport();
  }

  private String createAssignedIssue(String title, String agent) {
    return createIssue(Map.of("title", title, "status", "todo", "assigneeAgentId", agent, "goalId", goal));
  }

  private String createIssue(Map<String, Object> issue) {
    String id = boardClient.createIssue(issue);
    issues.add(id);
    return id;
  }

  private void waitUntilAllAreDone() {
    waitUntil("all issues are done",
        () -> issues.stream().allMatch(issue -> boardClient.issueStatus(issue).equals("done")) && noRunIsActive());
  }

  private boolean noRunIsActive() {
    return runs().stream().noneMatch(run -> List.of("queued", "running").contains(run.path("status").asText()));
  }

  private interface Condition {
    boolean holds();
  }

  private void waitUntil(String what, Condition condition) {
    Instant end = Instant.now().plus(LIMIT);
    while (true) {
      approvePending();
      boolean holds = condition.holds();
      printNewRuns();
      if (holds) {
        return;
      }
      if (Instant.now().isAfter(end)) {
        printReport();
        throw new IllegalStateException("gave up waiting until " + what);
      }
      pause();
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(250);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the demo was interrupted", interrupted);
    }
  }

  private void approvePending() {
    for (JsonNode approval : BoardClient
        .toList(boardClient.get("/companies/" + boardClient.company() + "/approvals"))) {
      if (approval.path("status").asText().equals("pending") && noRunIsActive()) {
        narrate("The board approves \"" + approval.path("payload").path("title").asText() + "\".");
        boardClient.post("/approvals/" + approval.path("id").asText() + "/approve",
            Map.of("decisionNote", "Go ahead."));
      }
    }
  }

  private List<JsonNode> runs() {
    return BoardClient.toList(boardClient.get("/companies/" + boardClient.company() + "/heartbeat-runs"));
  }

  private void printNewRuns() {
    List<JsonNode> runs = new ArrayList<>(runs());
    java.util.Collections.reverse(runs);
    for (JsonNode run : runs) {
      if (!run.path("finishedAt").isNull() && printed.add(run.path("id").asText())) {
        out.println("\n" + (run.path("agentId").asText().equals(cora) ? "Cora" : "Wren") + "'s heartbeat: "
            + run.path("status").asText());
        boardClient.runLog(run.path("id").asText()).lines()
            .filter(line -> !line.isBlank() && !line.startsWith("[paperclip]"))
            .forEach(line -> out.println("  " + line));
      }
    }
  }

  private boolean printReport() {
    List<JsonNode> all = BoardClient
        .toList(boardClient.get("/companies/" + boardClient.company() + "/issues?limit=100"));
    out.println("\nThe issues:");
    for (JsonNode issue : all) {
      String assignee = issue.path("assigneeAgentId").asText();
      out.printf("  %-9s %-12s %-5s %s%n", issue.path("identifier").asText(), issue.path("status").asText(),
          assignee.equals(cora) ? "Cora" : assignee.equals(wren) ? "Wren" : "-", issue.path("title").asText());
    }
    out.println("409 Conflict: occurred " + proxy.conflictCount() + " time(s), never retried");
    return all.stream().allMatch(issue -> issue.path("status").asText().equals("done")) && proxy.conflictCount() == 1;
  }

  private void narrate(String words) {
    out.println("\n# " + words);
  }
}
