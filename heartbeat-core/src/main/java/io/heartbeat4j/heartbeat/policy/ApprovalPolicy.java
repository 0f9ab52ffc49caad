package io.heartbeat4j.heartbeat.policy;

import com.google.inject.ImplementedBy;
import io.heartbeat4j.heartbeat.memory.LastDisposition;
import io.heartbeat4j.heartbeat.outcome.Disposition;
import io.heartbeat4j.protocol.Approval;
import io.heartbeat4j.protocol.Issue;
import java.util.Optional;

/** What an approval's decision means for an issue that is linked to it (step 2). */
@ImplementedBy(DefaultApprovalPolicy.class)
public interface ApprovalPolicy {

  /** For an own issue. */
  Verdict onOwnIssue(Approval approval, Issue issue, Optional<LastDisposition> lastDisposition);

  /** The comment on another agent's linked issue; empty says nothing. */
  Optional<String> onForeignIssue(Approval approval, Issue issue);

  /** What to do with an own linked issue. */
  sealed interface Verdict {

    /** Leave it in this state, without work. */
    record Settle(Disposition disposition) implements Verdict {}

    /** Work it, with the decision as the trigger. */
    record WorkOn() implements Verdict {}

    /** Leave it alone: nothing is decided, or it is closed. */
    record Leave(String why) implements Verdict {}
  }
}
