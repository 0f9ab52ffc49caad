package io.heartbeat4j.heartbeat.steps;

import io.heartbeat4j.client.SelfWakeResult;
import io.heartbeat4j.heartbeat.event.HeartbeatEvent.Kind;
import io.heartbeat4j.heartbeat.event.Step;
import io.heartbeat4j.heartbeat.outcome.HeartbeatOutcome;
import io.heartbeat4j.protocol.InboxItem;
import io.heartbeat4j.protocol.SelfWakeRequest;
import io.vertx.core.Future;
import jakarta.inject.Inject;
import java.util.Optional;

/**
 * The end of step 4 in an unscoped run, whose comments and updates the server refuses: it asks for a run that is scoped
 * to the picked issue (contract section 4).
 */
public final class ScopedRunRequester {

  @Inject
  public ScopedRunRequester() {}

  /** Asks for a run of the issue; empty where the server starts none. */
  public Future<Optional<HeartbeatOutcome>> request(HeartbeatContext heartbeat, InboxItem item) {
    return heartbeat.session().wakeSelf(heartbeat.self().id(), SelfWakeRequest.now(item.id(), "heartbeat4j_picked"))
        .map(answer -> switch (answer) {
          case SelfWakeResult.Started started when !started.run().equals(heartbeat.run().run()) -> {
            heartbeat.emit(Step.PICK_WORK, Kind.DONE, item.label(), item.title() + ": asked for a run of its own");
            yield Optional.of(new HeartbeatOutcome.RunRequested(item.id(), item.label(), started.run()));
          }
          case SelfWakeResult.Started joined -> refused(heartbeat, item, "the server joined the wake to this run");
          case SelfWakeResult.Skipped skipped ->
            refused(heartbeat, item, "the server starts no run: " + skipped.reason());
        });
  }

  private static Optional<HeartbeatOutcome> refused(HeartbeatContext heartbeat, InboxItem item, String reason) {
    heartbeat.emit(Step.PICK_WORK, Kind.REFUSED, item.label(), reason);
    return Optional.empty();
  }
}
