package io.heartbeat4j.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.protocol.Agent;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.Approval;
import io.heartbeat4j.protocol.ApprovalId;
import io.heartbeat4j.protocol.Colleague;
import io.heartbeat4j.protocol.Comment;
import io.heartbeat4j.protocol.CommentId;
import io.heartbeat4j.protocol.CompanyId;
import io.heartbeat4j.protocol.CostEvent;
import io.heartbeat4j.protocol.Document;
import io.heartbeat4j.protocol.HeartbeatRun;
import io.heartbeat4j.protocol.InboxItem;
import io.heartbeat4j.protocol.InstructionsFile;
import io.heartbeat4j.protocol.Interaction;
import io.heartbeat4j.protocol.Issue;
import io.heartbeat4j.protocol.IssueContext;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.IssueStatus;
import io.heartbeat4j.protocol.RunId;
import io.heartbeat4j.protocol.SelfWakeRequest;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What an agent may ask and do without holding an issue (contract section 5). Thread-safe; answers come on the caller's
 * Vert.x context. Every future fails with a {@link PaperclipException}.
 */
public final class AgentSession {

  private static final int PAGE_SIZE = 500;
  private static final int MAX_PAGES = 40;

  private final RetryingTransport retryingTransport;
  private final AgentToken token;

  AgentSession(RetryingTransport retryingTransport, AgentToken token) {
    this.retryingTransport = retryingTransport;
    this.token = token;
  }

  /** What the server's clock shows, by its latest response; empty where it does not tell. Asks nothing. */
  public Optional<Instant> serverTime() {
    return retryingTransport.serverTime().now();
  }

  /** The agent's own record: step 1. */
  public Future<Agent> me() {
    return get("/api/agents/me", ResponseReader.value(Agent.class));
  }

  /** The small inbox: todo, in progress, blocked and routine work; nothing in review. */
  public Future<List<InboxItem>> inbox() {
    return get("/api/agents/me/inbox-lite", ResponseReader.list(InboxItem.class));
  }

  /** The issue list of step 3, all pages. */
  public Future<List<InboxItem>> assignedIssues(CompanyId company, AgentId agent, List<IssueStatus> statuses) {
    String query = "/api/companies/" + company + "/issues?assigneeAgentId=" + agent + "&status="
        + statuses.stream().map(IssueStatus::wire).collect(Collectors.joining(","))
        + "&includeRoutineExecutions=true&limit=" + PAGE_SIZE;
    return page(query, 0, new ArrayList<>(), new HashSet<>());
  }

  /** The subtasks of an issue, whoever has them. */
  public Future<List<InboxItem>> subtasks(CompanyId company, IssueId parent) {
    return page("/api/companies/" + company + "/issues?parentId=" + parent + "&limit=" + PAGE_SIZE, 0,
        new ArrayList<>(), new HashSet<>());
  }

  private Future<List<InboxItem>> page(String query, int page, List<InboxItem> all, Set<IssueId> seen) {
    return get(query + "&offset=" + page * PAGE_SIZE, ResponseReader.list(InboxItem.class)).compose(items -> {
      List<InboxItem> fresh = items.stream().filter(item -> seen.add(item.id())).toList();
      all.addAll(fresh);
      return items.size() < PAGE_SIZE || fresh.isEmpty() || page + 1 == MAX_PAGES
          ? Future.succeededFuture(List.copyOf(all))
          : page(query, page + 1, all, seen);
    });
  }

  /** Any run of the company (contract section 3). */
  public Future<HeartbeatRun> run(RunId run) {
    return get("/api/heartbeat-runs/" + run, ResponseReader.value(HeartbeatRun.class));
  }

  public Future<Approval> approval(ApprovalId id) {
    return get("/api/approvals/" + id, ResponseReader.value(Approval.class));
  }

  public Future<List<Issue>> approvalIssues(ApprovalId id) {
    return get("/api/approvals/" + id + "/issues", ResponseReader.list(Issue.class));
  }

  /** The company's approvals, decided ones too. */
  public Future<List<Approval>> approvals(CompanyId company) {
    return get("/api/companies/" + company + "/approvals", ResponseReader.list(Approval.class));
  }

  public Future<Issue> issue(IssueId id) {
    return get("/api/issues/" + id, ResponseReader.value(Issue.class));
  }

  /** The issue with its ancestors and the state of its thread: cheaper for the server than the issue itself. */
  public Future<IssueContext> issueContext(IssueId id) {
    return get("/api/issues/" + id + "/heartbeat-context", ResponseReader.value(IssueContext.class));
  }

  /** The whole thread, oldest first. */
  public Future<List<Comment>> comments(IssueId id) {
    return thread(id, null, new ArrayList<>(), new HashSet<>(), 0);
  }

  /** What is newer than the anchor, oldest first. The server answers with the anchor too; it is left out. */
  public Future<List<Comment>> commentsAfter(IssueId id, CommentId anchor) {
    return thread(id, anchor, new ArrayList<>(), new HashSet<>(Set.of(anchor)), 0);
  }

  private Future<List<Comment>> thread(
      IssueId id, @Nullable CommentId after, List<Comment> all, Set<CommentId> seen, int page) {
    String path = "/api/issues/" + id + "/comments?order=asc&limit=" + PAGE_SIZE
        + (after == null ? "" : "&after=" + after);
    return get(path, ResponseReader.list(Comment.class)).compose(comments -> {
      List<Comment> fresh = comments.stream().filter(comment -> seen.add(comment.id())).toList();
      all.addAll(fresh);
      return comments.size() < PAGE_SIZE || fresh.isEmpty() || page + 1 == MAX_PAGES
          ? Future.succeededFuture(List.copyOf(all))
          : thread(id, fresh.get(fresh.size() - 1).id(), all, seen, page + 1);
    });
  }

  public Future<Comment> comment(IssueId issue, CommentId id) {
    return get("/api/issues/" + issue + "/comments/" + id, ResponseReader.value(Comment.class));
  }

  /** A document of an issue, such as {@code plan}; fails with {@link NotFound} where there is none. */
  public Future<Document> document(IssueId id, String key) {
    return get("/api/issues/" + id + "/documents/" + key, ResponseReader.value(Document.class));
  }

  /**
   * The instructions that the server keeps for the agent; no request where it keeps none. Empty where it may not read
   * them.
   */
  public Future<Optional<String>> instructions(Agent self) {
    return self.instructionsFile()
        .map(file -> get("/api/agents/" + self.id() + "/instructions-bundle/file?path="
            + URLEncoder.encode(file, StandardCharsets.UTF_8), ResponseReader.value(InstructionsFile.class))
            .map(read -> Optional.of(read.content()))
            .recover(failure -> failure instanceof NotFound || failure instanceof Forbidden
                ? Future.succeededFuture(Optional.empty())
                : Future.failedFuture(failure)))
        .orElseGet(() -> Future.succeededFuture(Optional.empty()));
  }

  /** The cards on an issue. */
  public Future<List<Interaction>> interactions(IssueId id) {
    return get("/api/issues/" + id + "/interactions", ResponseReader.list(Interaction.class));
  }

  /** The company's agents. */
  public Future<List<Colleague>> colleagues(CompanyId company) {
    return get("/api/companies/" + company + "/agents", ResponseReader.list(Colleague.class));
  }

  /** Asks for a run of the agent's own: it may wake nobody else (contract section 4). */
  public Future<SelfWakeResult> wakeSelf(AgentId self, SelfWakeRequest wake) {
    return retryingTransport.send(new ApiRequest<>(HttpMethod.POST, "/api/agents/" + self + "/wakeup", token, null,
        RetryingTransport.toJson(wake), false, RetryMode.UNKEYED,
        apiResponse -> toSelfWakeResult(ResponseReader.jsonTree().read(apiResponse))));
  }

  private static SelfWakeResult toSelfWakeResult(JsonNode tree) {
    String id = tree.path("id").asText("");
    return id.isEmpty() || "skipped".equals(tree.path("status").asText())
        ? new SelfWakeResult.Skipped(tree.path("reason").asText("no reason given"))
        : new SelfWakeResult.Started(RunId.of(id));
  }

  /** Reports what work cost. The server has no idempotency for it: an unclear answer is never repeated. */
  public Future<Void> reportCost(CompanyId company, CostEvent event) {
    return retryingTransport
        .send(new ApiRequest<>(HttpMethod.POST, "/api/companies/" + company + "/cost-events", token, null,
            RetryingTransport.toJson(event), false, RetryMode.UNKEYED, ResponseReader.jsonTree()))
        .mapEmpty();
  }

  /** The writes of one run of this agent. The run comes from a wake; nothing here checks whose it is. */
  public RunSession forRun(RunId run, AgentId self) {
    return new RunSession(this, retryingTransport, token, run, self);
  }

  private <T> Future<T> get(String path, ResponseReader<T> responseReader) {
    return retryingTransport
        .send(new ApiRequest<>(HttpMethod.GET, path, token, null, null, false, RetryMode.READ, responseReader));
  }
}
