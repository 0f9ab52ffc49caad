package io.heartbeat4j.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.heartbeat4j.cli.demo.BoardClient;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What became of the issues of a scene, as a table; and whether that is as it should be. */
final class AdapterReport {

  private final AdapterScene scene;
  private final Map<String, Integer> states = new TreeMap<>();
  private final Map<Integer, Integer> comments = new TreeMap<>();
  private final Map<String, Integer> runStates = new TreeMap<>();
  private final Set<String> done = new HashSet<>();
  private final Map<String, Integer> worked = new HashMap<>();
  private int parked;

  private AdapterReport(AdapterScene scene) {
    this.scene = scene;
  }

  /** Prints the table. Returns whether each issue is done or asks once, told once, with its usage, and none is parked. */
  static boolean print(AdapterScene scene) {
    AdapterReport report = new AdapterReport(scene);
    scene.issues.forEach(report::count);
    scene.begun().forEach(issue -> report.worked.merge(issue, 1, Integer::sum));
    boolean asItShouldBe = report.print();
    if (!asItShouldBe) {
      System.out.println(scene.host.log());
    }
    return asItShouldBe;
  }

  private void count(String issue) {
    JsonNode now = scene.board.issue(issue);
    long cards = scene.board.interactions(issue).stream()
        .filter(card -> card.path("status").asText().equals("pending")).count();
    String state = now.path("status").asText();
    if (state.equals("done")) {
      done.add(issue);
    }
    states.merge(state.equals("blocked") && cards == 1 ? "blocked with a card" : state, 1, Integer::sum);
    comments.merge(scene.board.agentComments(issue).size(), 1, Integer::sum);
    if (!now.path("executionBlocker").isNull() || !now.path("activeRecoveryAction").isNull()) {
      parked++;
      System.out.println("parked: " + issue + " " + now.path("executionBlocker") + now.path("activeRecoveryAction"));
    }
  }

  private boolean print() {
    List<JsonNode> runs = scene.runs();
    runs.forEach(run -> runStates.merge(
        (run.path("status").asText() + " " + run.path("errorCode").asText("")).strip(), 1, Integer::sum));
    long twice = worked.values().stream().filter(times -> times > 1).count();
    System.out.println("issues                     " + scene.issues.size() + ", agents " + scene.agents.size());
    System.out.println("issues by state            " + states);
    System.out.println("issues by agent's comments " + comments);
    System.out.println("issues worked twice        " + twice);
    System.out.println("issues parked for a person " + parked);
    System.out.println("runs by status             " + runStates);
    boolean exact = printUsage(runs);
    return exact && states.keySet().stream().allMatch(List.of("done", "blocked with a card")::contains)
        && comments.keySet().equals(Set.of(1)) && twice == 0 && parked == 0;
  }

  private boolean printUsage(List<JsonNode> runs) {
    Map<String, JsonNode> usage = new HashMap<>();
    runs.forEach(run -> usage.put(run.path("id").asText(), run.path("usageJson")));
    long tokens = 0;
    long cents = 0;
    Set<String> wrong = new HashSet<>();
    int unread = 0;
    for (String[] told : scene.told()) {
      if (!done.contains(told[3])) { // a script may outlive its host: nobody has read its result
        unread++;
        continue;
      }
      tokens += Long.parseLong(told[1]);
      cents += Long.parseLong(told[2]);
      JsonNode atServer = usage.getOrDefault(told[0], MissingNode.getInstance());
      if (atServer.path("inputTokens").asLong() != Long.parseLong(told[1])
          || Math.round(atServer.path("costUsd").asDouble() * 100) != Long.parseLong(told[2])) {
        wrong.add(String.join(" ", told) + " but at the server " + atServer);
      }
    }
    wrong.forEach(each -> System.out.println("usage of run " + each));
    JsonNode costs = scene.board.get("/companies/" + scene.board.company() + "/costs/summary");
    long ofRuns = usage.values().stream().mapToLong(each -> each.path("inputTokens").asLong()).sum();
    long charged = BoardClient.toList(scene.board.get("/companies/" + scene.board.company() + "/costs/by-provider"))
        .stream().mapToLong(provider -> provider.path("inputTokens").asLong()).sum();
    System.out
        .println("input tokens               " + tokens + " told, " + ofRuns + " in runs, " + charged + " in costs");
    System.out
        .println("cents                      " + cents + " told, " + costs.path("spendCents").asLong() + " in costs");
    System.out.println("runs with another usage    " + wrong.size() + ", results of work that was cut off " + unread);
    return tokens == charged && cents == costs.path("spendCents").asLong();
  }
}
