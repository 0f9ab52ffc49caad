package io.heartbeat4j.client;

import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.ApiError;
import io.heartbeat4j.protocol.CheckoutRequest;
import io.heartbeat4j.protocol.Comment;
import io.heartbeat4j.protocol.Issue;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.IssueStatus;
import io.heartbeat4j.protocol.NewComment;
import io.heartbeat4j.protocol.RunId;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The writes of one run; its id is on every request. An expired token writes nothing: the server would take the agent
 * for the board. Thread-safe.
 */
public final class RunSession {

  private final AgentSession agent;
  private final RetryingTransport retryingTransport;
  private final AgentToken token;
  private final RunId run;
  private final AgentId self;
  private final Optional<Instant> expiresAt;
  private final Set<IssueId> checkoutsRequested = ConcurrentHashMap.newKeySet();
  private volatile boolean authorMismatch;

  RunSession(AgentSession agent, RetryingTransport retryingTransport, AgentToken token, RunId run, AgentId self) {
    this.agent = agent;
    this.retryingTransport = retryingTransport;
    this.token = token;
    this.run = run;
    this.self = self;
    this.expiresAt = token.claims().map(TokenClaims::expiresAt);
  }

  public RunId run() {
    return run;
  }

  /** The reads of the same agent. */
  public AgentSession agent() {
    return agent;
  }

  /**
   * Checks the issue out (step 5): the only source of a lease. An issue is asked for once in a session, since a refusal
   * is final in its run (protocol page: never retry a 409).
   *
   * <p>Fails with a {@link Conflict} where the server refuses the issue to this run, with an {@link Unprocessable}
   * where its blockers are open, and with an {@link IllegalStateException} at a second request.
   */
  public Future<IssueLease> checkOut(IssueId issue) {
    if (!checkoutsRequested.add(issue)) {
      return Future
          .failedFuture(new IllegalStateException("the checkout of " + issue + " was requested before in this run"));
    }
    return write(HttpMethod.POST, "/api/issues/" + issue + "/checkout", CheckoutRequest.by(self), RetryMode.KEYED,
        ResponseReader.value(Issue.class))
        .map(held -> new IssueLease(this, held));
  }

  /** Whether this session has asked for the issue, whatever the server answered. */
  public boolean hasRequestedCheckout(IssueId issue) {
    return checkoutsRequested.contains(issue);
  }

  /**
   * Takes up again an issue that a run, now over, has held: for the delivery of what its journal holds, and for nothing
   * else. It needs an agent key, since a run's token ends with the run, and an idle issue, which the server lets the
   * agent write without a checkout in the ended run's name (contract section 13).
   *
   * <p>Fails with a {@link Conflict} where the issue is somebody else's or in progress; nothing is sent but a read.
   */
  public Future<IssueLease> resume(IssueId issue) {
    return agent.issue(issue).compose(now -> now.isAssignedTo(self) && !now.status().equals(IssueStatus.IN_PROGRESS)
        ? Future.succeededFuture(new IssueLease(this, now))
        : Future.failedFuture(new Conflict("not resumed: the issue is " + (now.isAssignedTo(self)
            ? "in progress, and the run is over"
            : "somebody else's"), new ApiError(null, null, null))));
  }

  /** An issue that the run does not hold: it can be commented, nothing else. */
  public CommentOnlyIssue commentOnly(IssueId issue) {
    return new CommentOnlyIssue(this, issue);
  }

  Future<Comment> comment(IssueId issue, NewComment comment) {
    return write(HttpMethod.POST, "/api/issues/" + issue + "/comments", comment, RetryMode.KEYED,
        ResponseReader.value(Comment.class))
        .compose(this::verifyAuthor);
  }

  /** The comment if the server knows its author; from then on no other write is sent if it does not. */
  Future<Comment> verifyAuthor(Comment comment) {
    if (comment.isBy(self)) {
      return Future.succeededFuture(comment);
    }
    authorMismatch = true;
    return Future.failedFuture(new AuthorMismatch());
  }

  <T> Future<T> write(HttpMethod method, String path, Object body, RetryMode retryMode,
      ResponseReader<T> responseReader) {
    if (authorMismatch) {
      return Future.failedFuture(new AuthorMismatch());
    }
    if (expiresAt.filter(end -> !end.isAfter(retryingTransport.clock().instant())).isPresent()) {
      return Future.failedFuture(new Unauthorized(
          "not sent: the run's token expired at " + expiresAt.get() + "; only a new wake brings a new one",
          new ApiError(null, null, null)));
    }
    return retryingTransport.send(new ApiRequest<>(
        method, path, token, run, RetryingTransport.toJson(body), method.equals(HttpMethod.PATCH), retryMode,
        responseReader));
  }
}
