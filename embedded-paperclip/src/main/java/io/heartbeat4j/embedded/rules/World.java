package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All that exists, and the few look-ups that every rule needs. */
final class World {

  final Time time;
  final Ids ids;
  final RulesOptions options;

  final Map<String, Company> companies = new LinkedHashMap<>();
  final Map<String, Agent> agents = new LinkedHashMap<>();
  final Map<String, AgentKey> keysByToken = new LinkedHashMap<>();
  final Map<String, Goal> goals = new LinkedHashMap<>();
  final Map<String, Project> projects = new LinkedHashMap<>();
  final Map<String, Issue> issues = new LinkedHashMap<>();
  final Map<String, Issue> issuesByIdentifier = new LinkedHashMap<>();
  final Map<String, Interaction> interactions = new LinkedHashMap<>();
  final Map<String, Approval> approvals = new LinkedHashMap<>();
  final Map<String, Map<String, Document>> documents = new LinkedHashMap<>();
  final Map<String, List<ObjectNode>> workProducts = new LinkedHashMap<>();
  final List<ObjectNode> costEvents = new ArrayList<>();
  final Map<String, Run> runs = new LinkedHashMap<>();
  final List<DeferredWake> deferred = new ArrayList<>();
  final List<Hold> holds = new ArrayList<>();

  private long lastMicros;

  World(Time time, Ids ids, RulesOptions options) {
    this.time = time;
    this.ids = ids;
    this.options = options;
  }

  /**
   * The present moment in microseconds, later than every moment before and never on a whole millisecond:
   * a stored time is always a little later than the milliseconds that answers show of it.
   */
  Instant now() {
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, time.now());
    micros = Math.max(micros, lastMicros + 1);
    if (micros % 1000 == 0) {
      micros++;
    }
    lastMicros = micros;
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  void later(Duration delay, Runnable action) {
    time.after(delay, action);
  }

  /** By id or by identifier such as {@code ACM-1}. */
  @Nullable Issue findIssue(String idOrIdentifier) {
    Issue issue = issues.get(idOrIdentifier);
    return issue != null ? issue : issuesByIdentifier.get(idOrIdentifier.toUpperCase(java.util.Locale.ROOT));
  }

  void add(Issue issue) {
    issues.put(issue.id, issue);
    issuesByIdentifier.put(issue.identifier, issue);
  }

  Agent agent(String id) {
    return Objects.requireNonNull(agents.get(id), id);
  }

  Optional<Agent> agentOf(@Nullable String id) {
    return id == null ? Optional.empty() : Optional.ofNullable(agents.get(id));
  }

  Optional<Run> run(@Nullable String id) {
    return id == null ? Optional.empty() : Optional.ofNullable(runs.get(id));
  }

  boolean isLive(@Nullable String runId) {
    return run(runId).filter(Run::live).isPresent();
  }

  Stream<Run> liveRuns(Predicate<Run> which) {
    return runs.values().stream().filter(Run::live).filter(which);
  }

  Stream<Issue> children(Issue parent) {
    return issues.values().stream().filter(issue -> parent.id.equals(issue.parentId));
  }

  /** Nearest first. */
  List<Issue> ancestors(Issue issue) {
    List<Issue> ancestors = new ArrayList<>();
    Issue current = issue.parentId == null ? null : issues.get(issue.parentId);
    while (current != null && !ancestors.contains(current)) {
      ancestors.add(current);
      current = current.parentId == null ? null : issues.get(current.parentId);
    }
    return ancestors;
  }

  List<Issue> unresolvedBlockers(Issue issue) {
    return issue.blockedBy.stream()
        .map(issues::get)
        .filter(Objects::nonNull)
        .filter(blocker -> blocker.status() != Status.DONE)
        .toList();
  }

  Stream<Interaction> interactions(Issue issue) {
    return interactions.values().stream().filter(interaction -> interaction.issueId.equals(issue.id));
  }

  boolean hasPendingInteraction(Issue issue) {
    return interactions(issue).anyMatch(Interaction::pending);
  }

  boolean hasPendingApproval(Issue issue) {
    return approvals.values().stream().anyMatch(approval -> approval.open() && approval.issueIds.contains(issue.id));
  }

  /** The hold on the issue or on one of its ancestors. */
  Optional<Hold> holdOn(Issue issue) {
    List<String> line = Stream.concat(Stream.of(issue), ancestors(issue).stream()).map(each -> each.id).toList();
    return holds.stream().filter(hold -> hold.active && line.contains(hold.rootIssueId)).findFirst();
  }
}
