package io.heartbeat4j.heartbeat.work;

import io.heartbeat4j.protocol.Agent;
import io.heartbeat4j.protocol.Ancestor;
import io.heartbeat4j.protocol.Approval;
import io.heartbeat4j.protocol.Blocker;
import io.heartbeat4j.protocol.Colleague;
import io.heartbeat4j.protocol.Comment;
import io.heartbeat4j.protocol.InboxItem;
import io.heartbeat4j.protocol.Issue;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.IssueStatus;
import io.heartbeat4j.worker.AgentView;
import io.heartbeat4j.worker.Author;
import io.heartbeat4j.worker.CommentView;
import io.heartbeat4j.worker.IssueView;
import io.heartbeat4j.worker.RelatedIssue;
import io.heartbeat4j.worker.Trigger;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Maps the server's records to the read views of the worker SPI, so that a new field of the server breaks no plugin. */
public final class WorkerViewMapper {

  private WorkerViewMapper() {}

  public static IssueView issue(WorkItem item) {
    Issue issue = item.issue();
    return new IssueView(issue.id(), Optional.ofNullable(issue.identifier()), issue.title(),
        Objects.requireNonNullElse(issue.description(), ""), issue.status(), Optional.ofNullable(issue.priority()),
        issue.createdByUserId() != null ? Author.Kind.USER
            : issue.createdByAgentId() != null ? Author.Kind.AGENT : Author.Kind.SYSTEM,
        Optional.ofNullable(issue.parentId()), Optional.ofNullable(issue.projectId()),
        Optional.ofNullable(issue.goalId()), Optional.ofNullable(item.goal()),
        issue.blockedBy().stream().map(WorkerViewMapper::blocker).toList(),
        item.ancestors().stream().map(WorkerViewMapper::ancestor).toList());
  }

  private static RelatedIssue blocker(Blocker blocker) {
    return new RelatedIssue(blocker.id(), Optional.ofNullable(blocker.identifier()),
        Objects.requireNonNullElse(blocker.title(), ""), "", Optional.ofNullable(blocker.status()));
  }

  private static RelatedIssue ancestor(Ancestor ancestor) {
    return new RelatedIssue(ancestor.id(), Optional.ofNullable(ancestor.identifier()), ancestor.title(),
        Objects.requireNonNullElse(ancestor.description(), ""), Optional.ofNullable(ancestor.status()));
  }

  public static RelatedIssue subtask(InboxItem item) {
    return new RelatedIssue(item.id(), Optional.ofNullable(item.identifier()), item.title(), "",
        Optional.ofNullable(item.status()));
  }

  /** A subtask from the wake's {@code childIssueSummaries}; empty where it has no id. */
  public static Optional<RelatedIssue> subtask(Map<String, Object> summary) {
    return text(summary, "id").map(id -> new RelatedIssue(IssueId.of(id), text(summary, "identifier"),
        text(summary, "title").orElse(""), text(summary, "summary").orElse(""),
        text(summary, "status").map(IssueStatus::new)));
  }

  private static Optional<String> text(Map<String, Object> json, String key) {
    return Optional.ofNullable(json.get(key)).map(String::valueOf);
  }

  public static CommentView comment(Comment comment) {
    Author.Kind kind = comment.isByPerson() ? Author.Kind.USER
        : comment.isBySystem() ? Author.Kind.SYSTEM : Author.Kind.AGENT;
    Object author = comment.authorAgentId() != null ? comment.authorAgentId() : comment.authorUserId();
    return new CommentView(comment.id(), new Author(kind, Optional.ofNullable(author).map(Object::toString)),
        comment.body(), Optional.ofNullable(comment.createdAt()));
  }

  public static AgentView agent(Agent agent) {
    return new AgentView(agent.id(), agent.name(), nonBlank(agent.role()), nonBlank(agent.title()));
  }

  public static AgentView agent(Colleague colleague) {
    return new AgentView(colleague.id(), colleague.name(), nonBlank(colleague.role()), nonBlank(colleague.title()));
  }

  private static Optional<String> nonBlank(@Nullable String text) {
    return Optional.ofNullable(text).filter(words -> !words.isBlank());
  }

  public static Trigger.ApprovalDecided decision(Approval approval) {
    return new Trigger.ApprovalDecided(
        approval.id(), approval.status(), Optional.ofNullable(approval.decisionNote()));
  }
}
