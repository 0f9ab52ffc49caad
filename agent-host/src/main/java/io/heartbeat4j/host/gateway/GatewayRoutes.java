package io.heartbeat4j.host.gateway;

import io.heartbeat4j.heartbeat.wake.WakeFacts;
import io.heartbeat4j.host.run.Admission;
import io.heartbeat4j.host.run.Admission.RunView;
import io.heartbeat4j.host.run.Door;
import io.heartbeat4j.host.run.HostedAgent;
import io.heartbeat4j.host.run.HostedRun;
import io.heartbeat4j.host.run.Incoming;
import io.heartbeat4j.host.run.Runs;
import io.heartbeat4j.host.run.WayIn;
import io.heartbeat4j.protocol.RunId;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What Paperclip's {@code hermes_gateway} adapter calls: start a run, follow it, stop it. A wake is known by the adapter's
 * idempotency key, which is the Paperclip run's id; what it is for is read from that run. Another agent's run answers as
 * one that does not exist.
 */
public final class GatewayRoutes {

  private static final String AGENT = "agent";

  private final Door door;
  private final Runs runs;
  private final Supplier<Keyring<HostedAgent>> keys;

  /** @param keys asked at each request, since a reload changes them */
  public GatewayRoutes(Door door, Runs runs, Supplier<Keyring<HostedAgent>> keys) {
    this.door = door;
    this.runs = runs;
    this.keys = keys;
  }

  public void mount(Router router) {
    router.route("/v1/runs*").handler(this::authenticate);
    router.post("/v1/runs").handler(this::start);
    router.get("/v1/runs/:id").handler(context -> withRun(context, run -> Replies.send(context, 200, RunJson.of(run))));
    router.get("/v1/runs/:id/events").handler(context -> withRun(context, run ->
        EventStream.ofRun(context.vertx(), context.response(), run)));
    router.post("/v1/runs/:id/stop").handler(context -> withRun(context, run -> stop(context, run)));
  }

  private void authenticate(RoutingContext context) {
    Optional<HostedAgent> agent = keys.get().ownerOf(context.request());
    if (agent.isEmpty()) {
      Replies.refuse(context, 401, "show the agent's access key as a bearer token");
      return;
    }
    context.put(AGENT, agent.get());
    context.next();
  }

  private static HostedAgent agent(RoutingContext context) {
    return context.get(AGENT);
  }

  private void start(RoutingContext context) {
    Optional<RunId> run = runId(context.request().getHeader("Idempotency-Key"));
    if (run.isEmpty()) {
      Replies.refuse(context, 400, "the Idempotency-Key must be the id of a Paperclip run");
      return;
    }
    HostedAgent agent = agent(context);
    door.admit(new Incoming(agent, run.get(), WayIn.GATEWAY, agent.key(), WakeFacts.NONE))
        .onSuccess(admission -> answer(context, admission))
        .onFailure(failure -> Replies.unavailableWithReason(context, failure));
  }

  private static void answer(RoutingContext context, Admission admission) {
    switch (admission) {
      case Admission.Accepted accepted -> Replies.send(context, 202, RunJson.of(accepted.run()));
      case Admission.Refused refused -> Replies.refuse(context, 403, "this is no live run of this agent");
      case Admission.Full full -> Replies.later(context, 429, "the queue is full", full.retryAfter());
    }
  }

  private void stop(RoutingContext context, RunView run) {
    HostedRun live = run.live();
    if (live == null) {
      Replies.send(context, 200, RunJson.of(run));
    } else {
      runs.stop(live, "Paperclip stopped the run, most likely since its time was up");
      Replies.send(context, 200, RunJson.of(RunView.of(live)));
    }
  }

  private interface Then {
    void with(RunView run);
  }

  private void withRun(RoutingContext context, Then then) {
    Future<Optional<RunView>> found = runId(context.pathParam("id")).map(runs::find)
        .orElseGet(() -> Future.succeededFuture(Optional.empty()));
    found
        .map(run -> run.filter(mine -> mine.agent().equals(agent(context).name())))
        .onSuccess(run -> run.ifPresentOrElse(then::with, () -> Replies.refuse(context, 404, "there is no such run")))
        .onFailure(context::fail);
  }

  private static Optional<RunId> runId(@Nullable String text) {
    try {
      return text == null ? Optional.empty() : Optional.of(RunId.of(text));
    } catch (IllegalArgumentException other) {
      return Optional.empty();
    }
  }
}
