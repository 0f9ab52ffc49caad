package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request to wake an agent.
 *
 * @param source assignment, automation, on_demand or timer
 * @param reason the wake reason, absent for a bare invoke
 * @param context the fields for the {@code contextSnapshot} of the run
 * @param byUser whether a user caused the wake, not an agent or the server
 * @param manual whether a user sent the wake explicitly; such a wake is never merged into another run
 */
record WakeSpec(
    String source,
    @Nullable String triggerDetail,
    @Nullable String reason,
    ObjectNode context,
    boolean byUser,
    boolean manual) {

  static final Set<String> COMMENT_REASONS = Set.of("issue_commented", "issue_comment_mentioned",
      "issue_reopened_via_comment");

  static WakeSpec assignment(RequestActor requestActor, ObjectNode context) {
    return new WakeSpec("assignment", "system", "issue_assigned", context,
        requestActor instanceof RequestActor.BoardActor, false);
  }

  static WakeSpec automation(String reason, ObjectNode context) {
    return new WakeSpec("automation", "system", reason, context, false, false);
  }

  static WakeSpec automation(String reason, RequestActor requestActor, ObjectNode context) {
    return new WakeSpec("automation", "system", reason, context, requestActor instanceof RequestActor.BoardActor,
        false);
  }
}
