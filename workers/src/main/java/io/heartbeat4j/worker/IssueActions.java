package io.heartbeat4j.worker;

import java.util.List;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * What a worker may read and write of the issue before it returns its result. Each call blocks until the server has answered;
 * the runtime adds the run's identity and masks secrets. Thread-safe; the runtime implements it.
 */
@API(status = API.Status.STABLE, since = "1.0")
public interface IssueActions {

  /**
   * Posts a comment as the agent. The last word belongs into the result's summary, which becomes a comment too.
   *
   * @throws IllegalStateException where {@link WorkContext#isReadOnly()}
   */
  void comment(String body);

  /** Reads the issue's subtasks with their statuses, without their texts. */
  List<RelatedIssue> subtasks();

  /** Reads a document of the issue. */
  Optional<IssueDocument> document(String key);

  /**
   * Creates a document of the issue.
   *
   * @param key lower case letters, digits, {@code -} and {@code _}
   * @throws DocumentChangedException where a document of that key exists
   * @throws IllegalStateException where {@link WorkContext#isReadOnly()}
   */
  IssueDocument createDocument(String key, String title, String body);

  /**
   * Replaces the body of a document that was read or written before.
   *
   * @throws DocumentChangedException where the server has another revision than {@code base}
   * @throws IllegalStateException where {@link WorkContext#isReadOnly()}
   */
  IssueDocument updateDocument(IssueDocument base, String body);
}
