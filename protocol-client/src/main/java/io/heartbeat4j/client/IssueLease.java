package io.heartbeat4j.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.protocol.Approval;
import io.heartbeat4j.protocol.Comment;
import io.heartbeat4j.protocol.CompanyId;
import io.heartbeat4j.protocol.Document;
import io.heartbeat4j.protocol.DocumentWrite;
import io.heartbeat4j.protocol.Interaction;
import io.heartbeat4j.protocol.Issue;
import io.heartbeat4j.protocol.IssuePatch;
import io.heartbeat4j.protocol.NewApproval;
import io.heartbeat4j.protocol.NewComment;
import io.heartbeat4j.protocol.NewInteraction;
import io.heartbeat4j.protocol.NewIssue;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.Map;
import java.util.Optional;

/**
 * A checked-out issue. It comes from {@link RunSession#checkOut} and nowhere else, and only on it an issue can be
 * updated, given children or released: always checkout before working (protocol page, critical rules). Thread-safe.
 */
public final class IssueLease {

  private final RunSession session;
  private final Issue issue;

  IssueLease(RunSession session, Issue issue) {
    this.session = session;
    this.issue = issue;
  }

  /** The issue as the checkout answered it. */
  public Issue issue() {
    return issue;
  }

  /**
   * Writes status and comment in one request (step 8). It has no key on this server and a repeat posts the comment
   * twice, so it is sent once, and again only where it was certainly not sent (contract section 13).
   */
  public Future<IssueUpdateResult> update(IssuePatch update) {
    return session.write(HttpMethod.PATCH, path(""), update, RetryMode.UNKEYED,
        apiResponse -> IssueUpdateResult.of(issue.id(), ResponseReader.jsonTree().read(apiResponse)))
        .compose(updated -> updated.comment()
            .map(comment -> session.verifyAuthor(comment).map(updated))
            .orElseGet(() -> Future.succeededFuture(updated)));
  }

  public Future<Comment> comment(NewComment comment) {
    return session.comment(issue.id(), comment);
  }

  /**
   * Creates a subtask (step 9). The same key answers with the same issue, so an unclear answer is repeated.
   *
   * @throws IllegalArgumentException if the child's parent is not this issue
   */
  public Future<IssueCreationResult> createSubtask(CompanyId company, NewIssue child) {
    if (!child.parentId().equals(issue.id())) {
      throw new IllegalArgumentException("the parent of a subtask is the issue that is worked on");
    }
    return session.write(HttpMethod.POST, "/api/companies/" + company + "/issues", child, RetryMode.KEYED_CREATE,
        apiResponse -> {
          JsonNode tree = ResponseReader.jsonTree().read(apiResponse);
          return new IssueCreationResult(
              ProtocolJson.mapper().treeToValue(tree, Issue.class),
              apiResponse.status() == 200 || tree.path("deduplicated").asBoolean(),
              Optional.ofNullable(tree.path("deduplicationReason").textValue()));
        });
  }

  /**
   * Writes a document. Its base is its key: a repeat of a write that did arrive is a {@link Conflict}, so an unclear
   * answer is not repeated. Fails with a {@link Conflict} too where somebody else changed the document.
   */
  public Future<Document> putDocument(String key, DocumentWrite document) {
    return session.write(HttpMethod.PUT, path("/documents/" + key), document, RetryMode.UNKEYED,
        ResponseReader.value(Document.class));
  }

  /** Puts a card on the issue. The same key answers with the same card. */
  public Future<Interaction> createInteraction(NewInteraction card) {
    return session.write(HttpMethod.POST, path("/interactions"), card, RetryMode.KEYED,
        ResponseReader.value(Interaction.class));
  }

  /** Asks the board for a decision that is linked to the issue. It has no key: sent once. */
  public Future<Approval> requestApproval(CompanyId company, NewApproval approval) {
    return session.write(HttpMethod.POST, "/api/companies/" + company + "/approvals", approval, RetryMode.UNKEYED,
        ResponseReader.value(Approval.class));
  }

  /** Gives the issue back: it becomes todo and loses its assignee (contract section 7). */
  public Future<Void> release() {
    return session.write(HttpMethod.POST, path("/release"), Map.of(), RetryMode.UNKEYED, ResponseReader.jsonTree())
        .mapEmpty();
  }

  private String path(String rest) {
    return "/api/issues/" + issue.id() + rest;
  }
}
