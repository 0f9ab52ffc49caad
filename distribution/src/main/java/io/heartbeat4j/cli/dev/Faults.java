package io.heartbeat4j.cli.dev;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.embedded.EmbeddedPaperclip;
import io.heartbeat4j.embedded.FaultRuleBuilder;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** The faults that the page offers. Thread-safe. */
final class Faults {

  private static final Duration OUTAGE = Duration.ofSeconds(10);

  private final Vertx vertx;
  private final EmbeddedPaperclip paperclip;
  private final Board board;
  private final DevAgent agent;
  private final SessionEvents events;
  private final AtomicBoolean away = new AtomicBoolean();

  Faults(Vertx vertx, EmbeddedPaperclip paperclip, Board board, DevAgent agent, SessionEvents events) {
    this.vertx = vertx;
    this.paperclip = paperclip;
    this.board = board;
    this.agent = agent;
    this.events = events;
  }

  /** The agent's next checkout is answered with 409. */
  Future<JsonNode> conflict() {
    paperclip.faults().addRule(FaultRuleBuilder.on("POST", "/api/issues/[^/]+/checkout").once().conflict());
    return happened("the next checkout is answered with 409");
  }

  Future<JsonNode> useUpBudget() {
    return board.useUpBudget().compose(paused -> happened("the agent's budget is used up; the server has paused it"));
  }

  Future<JsonNode> liftBudget() {
    return board.liftBudget().compose(resumed -> happened("the agent's budget has no limit"));
  }

  /** The server does not listen for a while. A second outage does not begin before the first has ended. */
  Future<JsonNode> outage() {
    if (!away.compareAndSet(false, true)) {
      return happened("the server is away already");
    }
    return paperclip.startOutage().compose(gone -> {
      vertx.setTimer(OUTAGE.toMillis(), due -> paperclip.endOutage()
          .onComplete(back -> away.set(false))
          .compose(back -> happened("the server is back")));
      return happened("the server is away for " + OUTAGE.toSeconds() + " s");
    });
  }

  /** Ends the run as SIGKILL ends a process. */
  Future<JsonNode> kill(String run) {
    if (!agent.kill(run)) {
      return happened("the run " + run + " is over");
    }
    paperclip.killRun(run);
    return happened("the run " + run + " is killed");
  }

  private Future<JsonNode> happened(String what) {
    events.fault(what);
    return Future.succeededFuture(Board.object().put("happened", what));
  }
}
