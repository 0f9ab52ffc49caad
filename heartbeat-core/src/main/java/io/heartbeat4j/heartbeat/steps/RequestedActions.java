package io.heartbeat4j.heartbeat.steps;

import io.heartbeat4j.client.Conflict;
import io.heartbeat4j.client.NotFound;
import io.heartbeat4j.client.AgentSession;
import io.heartbeat4j.heartbeat.work.WorkerViewMapper;
import io.heartbeat4j.protocol.CompanyId;
import io.heartbeat4j.protocol.Document;
import io.heartbeat4j.protocol.DocumentWrite;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.redaction.Redactor;
import io.heartbeat4j.worker.DocumentChangedException;
import io.heartbeat4j.worker.IssueActions;
import io.heartbeat4j.worker.IssueDocument;
import io.heartbeat4j.worker.RelatedIssue;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The comments and documents that a worker asks for during its work. They are written under the issue's lease; without
 * one only reading is possible. Secrets are masked before anything leaves.
 */
final class RequestedActions implements IssueActions {

  private static final Pattern DOCUMENT_KEY = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");

  private final AgentSession session;
  private final CompanyId company;
  private final IssueId issue;
  private final Optional<InWorkActions> lease;
  private final Redactor redactor;
  private final EventLoopCaller eventLoop;

  RequestedActions(AgentSession session, CompanyId company, IssueId issue, Optional<InWorkActions> lease,
      Redactor redactor,
      EventLoopCaller eventLoop) {
    this.session = session;
    this.company = company;
    this.issue = issue;
    this.lease = lease;
    this.redactor = redactor;
    this.eventLoop = eventLoop;
  }

  boolean isReadOnly() {
    return lease.isEmpty();
  }

  @Override
  public void comment(String body) {
    InWorkActions actions = requireCheckedOut("a comment");
    String clean = redactor.redact(body);
    eventLoop.await(() -> actions.comment(clean));
  }

  @Override
  public List<RelatedIssue> subtasks() {
    return eventLoop.await(() -> session.subtasks(company, issue)).stream().map(WorkerViewMapper::subtask).toList();
  }

  @Override
  public Optional<IssueDocument> document(String key) {
    return eventLoop.await(() -> session.document(issue, key)
        .map(document -> Optional.of(view(document)))
        .recover(failure -> failure instanceof NotFound
            ? Future.succeededFuture(Optional.empty())
            : Future.failedFuture(failure)));
  }

  @Override
  public IssueDocument createDocument(String key, String title, String body) {
    return put(key, title, body, null);
  }

  @Override
  public IssueDocument updateDocument(IssueDocument base, String body) {
    return put(base.key(), base.title(), body, base.revision());
  }

  private IssueDocument put(String key, String title, String body, @Nullable String baseRevision) {
    InWorkActions actions = requireCheckedOut("a document");
    if (!DOCUMENT_KEY.matcher(key).matches()) {
      throw new IllegalArgumentException(
          "'" + key + "' can't be a document's key: lower case letters, digits, - and _");
    }
    DocumentWrite document = DocumentWrite.markdown(redactor.redact(title), redactor.redact(body), baseRevision);
    return view(eventLoop.await(() -> actions.putDocument(key, document)
        .recover(failure -> Future.failedFuture(
            failure instanceof Conflict ? new DocumentChangedException(key) : failure))));
  }

  private InWorkActions requireCheckedOut(String what) {
    return lease.orElseThrow(
        () -> new IllegalStateException(what + " on an issue that is not checked out: return a Reply instead"));
  }

  private static IssueDocument view(Document document) {
    return new IssueDocument(document.key(), document.title() == null ? document.key() : document.title(),
        document.body(), document.latestRevisionId());
  }
}
