package io.heartbeat4j.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What must hold on the server, and in the requests, whatever has happened. */
final class InvariantChecker {

  private final Simulation simulation;
  private final List<JsonNode> issues;
  private final List<String> violations = new ArrayList<>();

  InvariantChecker(Simulation simulation) {
    this.simulation = simulation;
    this.issues = simulation.allIssues();
  }

  List<String> violations() {
    nothingIsLeftInProgress();
    nothingIsLeftInTheJournal();
    everyPieceOfWorkIsToldOnce();
    everySubtaskExistsOnceWithParentAndGoal();
    noRunWorksAnIssueTwice();
    a409IsNeverAskedAgain();
    changesCarryTheRunAndALease();
    nothingIsCancelled();
    violations.addAll(simulation.warnings);
    violations.addAll(simulation.late);
    simulation.fleet.ifPresent(fleet -> {
      fleet.nothingIsLeftOpen();
      violations.addAll(fleet.violations);
    });
    return violations;
  }

  private void nothingIsLeftInProgress() {
    for (JsonNode issue : issues) {
      if (issue.path("status").asText().equals("in_progress") && !waits(Simulation.id(issue)) && !isMonitored(issue)) {
        violations.add(
            "left in progress: " + issue.path("identifier").asText() + " of " + issue.path("assigneeAgentId").asText());
      }
    }
  }

  /**
   * The server wakes the agent for it later. An issue with review stages rests so, because in_review would begin its
   * review.
   */
  private boolean isMonitored(JsonNode issue) {
    return issue.hasNonNull("monitorNextCheckAt")
        && Instant.parse(issue.path("monitorNextCheckAt").asText()).isAfter(simulation.clock());
  }

  /** What can't be checked out before something else is done is remembered until then. */
  private void nothingIsLeftInTheJournal() {
    List<String> waiting = issues.stream().map(Simulation::id).filter(this::waits).toList();
    simulation.disks.forEach((agent, disk) -> disk.journal().stream()
        .filter(name -> waiting.stream().noneMatch(name::contains))
        .forEach(name -> violations.add("left in the journal of " + agent + ": " + name)));
    simulation.fleet.ifPresent(fleet -> fleet.forEachEntry(name -> {
      if (waiting.stream().noneMatch(name::contains)) {
        violations.add("left in the journal: " + name);
      }
    }));
  }

  /**
   * What the issue waits for was reopened after a kill: it can't be checked out before that is done, nor written by a
   * run that does not hold it (docs/faults.md).
   */
  private boolean waits(String issue) {
    return Simulation.list(simulation.read("/api/issues/" + issue).path("blockedBy")).stream()
        .anyMatch(other -> !other.path("status").asText().equals("done"));
  }

  private void everyPieceOfWorkIsToldOnce() {
    for (SimulatedWorker.Performed work : simulation.performed) {
      long told = Simulation.list(simulation.read("/api/issues/" + work.issue() + "/comments")).stream()
          .filter(comment -> comment.path("body").asText().contains(work.mark()))
          .count();
      if (told > 1) {
        violations.add("told " + told + " times: " + work);
      }
    }
  }

  /** Work that had begun is not repeated by the host that takes the run over; a reply, which changes nothing, may be. */
  private void noRunWorksAnIssueTwice() {
    Set<String> worked = new HashSet<>();
    for (SimulatedWorker.Performed work : simulation.performed) {
      if (!work.reply() && !worked.add(work.run() + " " + work.issue())) {
        violations.add("worked twice: " + work);
      }
    }
  }

  private void everySubtaskExistsOnceWithParentAndGoal() {
    Map<String, Integer> titles = new HashMap<>();
    for (JsonNode issue : issues) {
      String title = issue.path("title").asText();
      if (title.startsWith("Part ")) {
        titles.merge(title, 1, Integer::sum);
        JsonNode parent = issues.stream().filter(each -> each.path("id").equals(issue.path("parentId"))).findFirst()
            .orElse(com.fasterxml.jackson.databind.node.MissingNode.getInstance());
        if (parent.isMissingNode() || !issue.path("goalId").equals(parent.path("goalId"))) {
          violations.add("without parent or goal: " + title);
        }
      }
    }
    titles.forEach((title, count) -> {
      if (count > 1) {
        violations.add("exists " + count + " times: " + title);
      }
    });
  }

  private void a409IsNeverAskedAgain() {
    Map<SimulatedProcess, Set<String>> all = new HashMap<>();
    for (SentRequest request : simulation.sent) {
      Set<String> refused = all.computeIfAbsent(request.sender(), first -> new HashSet<>());
      String key = request.issue();
      if ((request.isCheckout() || request.isPatch()) && refused.contains(key)) {
        violations.add(
            "asked again after a 409: " + request.method() + " " + request.path() + " by run " + request.process());
      }
      if ((request.isCheckout() || request.isPatch()) && request.status() == 409 && request.seen()) {
        refused.add(key);
      }
    }
  }

  private void changesCarryTheRunAndALease() {
    Set<String> held = new HashSet<>();
    for (SentRequest request : simulation.sent) {
      boolean ofARun = !request.path().endsWith("/wakeup") && !request.path().endsWith("/cost-events");
      if (request.isWrite() && ofARun && !request.run().equals(request.process())) {
        violations.add("without its run: " + request.method() + " " + request.path());
      }
      String key = request.process() + " " + request.issue();
      if (request.isCheckout() && request.processed() && request.status() == 200) {
        held.add(key);
      }
      boolean change = request.isPatch() || (request.path().endsWith("/interactions") && request.isWrite());
      if (change && !held.contains(key)) {
        violations.add("without a lease: " + request.method() + " " + request.path() + " by run " + request.process());
      }
      boolean subtask = request.method().equals("POST") && request.path().endsWith("/issues");
      if (subtask && !held.contains(request.process() + " " + request.body().path("parentId").asText())) {
        violations.add("a subtask without a lease on its parent: " + request.body());
      }
    }
  }

  private void nothingIsCancelled() {
    for (SentRequest request : simulation.sent) {
      if (request.body().path("status").asText().equals("cancelled")) {
        violations.add("cancelled: " + request.path());
      }
    }
  }
}
