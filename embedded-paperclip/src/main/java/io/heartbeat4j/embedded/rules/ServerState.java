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

/** The state of the server, and look-ups that several rules need. */
final class ServerState {

  final TimeScheduler scheduler;
  final IdGenerator idGenerator;
  final ServerBehaviorOptions options;

  final Map<String, CompanyEntity> companies = new LinkedHashMap<>();
  final Map<String, AgentEntity> agents = new LinkedHashMap<>();
  final Map<String, AgentKeyEntity> keysByToken = new LinkedHashMap<>();
  final Map<String, GoalEntity> goals = new LinkedHashMap<>();
  final Map<String, ProjectEntity> projects = new LinkedHashMap<>();
  final Map<String, IssueEntity> issues = new LinkedHashMap<>();
  final Map<String, IssueEntity> issuesByIdentifier = new LinkedHashMap<>();
  final Map<String, InteractionEntity> interactions = new LinkedHashMap<>();
  final Map<String, ApprovalEntity> approvals = new LinkedHashMap<>();
  final Map<String, Map<String, DocumentEntity>> documents = new LinkedHashMap<>();
  final Map<String, List<ObjectNode>> workProducts = new LinkedHashMap<>();
  final List<ObjectNode> costEvents = new ArrayList<>();
  final Map<String, RunEntity> runs = new LinkedHashMap<>();
  final List<DeferredWake> deferredWakes = new ArrayList<>();
  final List<TreeHoldEntity> treeHolds = new ArrayList<>();

  private long lastTimestampMicros;

  ServerState(TimeScheduler scheduler, IdGenerator idGenerator, ServerBehaviorOptions options) {
    this.scheduler = scheduler;
    this.idGenerator = idGenerator;
    this.options = options;
  }

  /**
   * The current time in microseconds, always later than the previous one and never a whole millisecond. A stored time
   * is therefore later than the truncated time in responses.
   */
  Instant now() {
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, scheduler.now());
    micros = Math.max(micros, lastTimestampMicros + 1);
    if (micros % 1000 == 0) {
      micros++;
    }
    lastTimestampMicros = micros;
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  void schedule(Duration delay, Runnable action) {
    scheduler.schedule(delay, action);
  }

  /** The issue by id or by identifier such as {@code ACM-1}. */
  @Nullable
  IssueEntity findIssue(String idOrIdentifier) {
    IssueEntity issueEntity = issues.get(idOrIdentifier);
    return issueEntity != null ? issueEntity
        : issuesByIdentifier.get(idOrIdentifier.toUpperCase(java.util.Locale.ROOT));
  }

  void addIssue(IssueEntity issueEntity) {
    issues.put(issueEntity.id, issueEntity);
    issuesByIdentifier.put(issueEntity.identifier, issueEntity);
  }

  AgentEntity agent(String id) {
    return Objects.requireNonNull(agents.get(id), id);
  }

  Optional<AgentEntity> findAgent(@Nullable String id) {
    return id == null ? Optional.empty() : Optional.ofNullable(agents.get(id));
  }

  /** The agent, if it belongs to the company. */
  Optional<AgentEntity> findAgent(@Nullable String id, String companyId) {
    return findAgent(id).filter(agentEntity -> agentEntity.companyId.equals(companyId));
  }

  Optional<RunEntity> findRun(@Nullable String id) {
    return id == null ? Optional.empty() : Optional.ofNullable(runs.get(id));
  }

  /** Marks the run as productive, if it exists, and the issue as touched by it. */
  void recordProgress(@Nullable String runId, IssueEntity issueEntity) {
    findRun(runId).ifPresent(runEntity -> {
      runEntity.productive = true;
      runEntity.touchedIssues.add(issueEntity.id);
    });
  }

  boolean isLiveRun(@Nullable String runId) {
    return findRun(runId).filter(RunEntity::isLive).isPresent();
  }

  Stream<RunEntity> liveRuns(Predicate<RunEntity> which) {
    return runs.values().stream().filter(RunEntity::isLive).filter(which);
  }

  Stream<IssueEntity> children(IssueEntity parent) {
    return issues.values().stream().filter(issueEntity -> parent.id.equals(issueEntity.parentId));
  }

  /** The ancestors of the issue, nearest first. */
  List<IssueEntity> ancestors(IssueEntity issueEntity) {
    List<IssueEntity> ancestors = new ArrayList<>();
    IssueEntity current = issueEntity.parentId == null ? null : issues.get(issueEntity.parentId);
    while (current != null && !ancestors.contains(current)) {
      ancestors.add(current);
      current = current.parentId == null ? null : issues.get(current.parentId);
    }
    return ancestors;
  }

  List<IssueEntity> blockers(IssueEntity issueEntity) {
    return issueEntity.blockedBy.stream().map(issues::get).filter(Objects::nonNull).toList();
  }

  List<IssueEntity> unresolvedBlockers(IssueEntity issueEntity) {
    return blockers(issueEntity).stream().filter(blocker -> blocker.status() != IssueStatus.DONE).toList();
  }

  Stream<InteractionEntity> interactions(IssueEntity issueEntity) {
    return interactions.values().stream().filter(interactionEntity -> interactionEntity.issueId.equals(issueEntity.id));
  }

  boolean hasPendingInteraction(IssueEntity issueEntity) {
    return interactions(issueEntity).anyMatch(InteractionEntity::isPending);
  }

  boolean hasPendingApproval(IssueEntity issueEntity) {
    return approvals.values().stream()
        .anyMatch(approvalEntity -> approvalEntity.isOpen() && approvalEntity.issueIds.contains(issueEntity.id));
  }

  /** The active hold of the issue or of an ancestor. */
  Optional<TreeHoldEntity> activeHoldOn(IssueEntity issueEntity) {
    List<String> line = Stream.concat(Stream.of(issueEntity), ancestors(issueEntity).stream()).map(each -> each.id)
        .toList();
    return treeHolds.stream()
        .filter(treeHoldEntity -> treeHoldEntity.active && line.contains(treeHoldEntity.rootIssueId)).findFirst();
  }
}
