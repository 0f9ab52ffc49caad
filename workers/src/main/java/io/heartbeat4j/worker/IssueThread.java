package io.heartbeat4j.worker;

import java.util.List;
import org.apiguardian.api.API;

/**
 * The conversation on an issue.
 *
 * @param comments all comments, oldest first, the trigger's included
 * @param trigger why the issue is worked on now
 */
@API(status = API.Status.STABLE, since = "1.0")
public record IssueThread(List<CommentView> comments, Trigger trigger) {
  public IssueThread {
    comments = List.copyOf(comments);
  }
}
