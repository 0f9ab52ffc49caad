package io.heartbeat4j.host.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.client.ProtocolJson;
import io.heartbeat4j.heartbeat.wake.WakeFacts;
import io.heartbeat4j.host.run.Admission;
import io.heartbeat4j.host.run.Door;
import io.heartbeat4j.host.run.HostedAgent;
import io.heartbeat4j.host.run.HostedRun;
import io.heartbeat4j.host.run.Incoming;
import io.heartbeat4j.host.run.Runs;
import io.heartbeat4j.host.run.WayIn;
import io.heartbeat4j.protocol.RunId;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What Paperclip's {@code http} adapter calls: one POST per wake, whose answer ends the run. So it is held until the
 * heartbeat is settled. The adapter waits 30 s for a host that is given by its name and 300 s for one given by its address
 * (contract section 3); work that needs longer is put off before that, and its issue rests as {@code Later}.
 */
public final class HttpAdapterRoutes {

  private static final Duration HELD_FOR_A_NAME = Duration.ofSeconds(20);
  private static final Duration HELD_FOR_AN_ADDRESS = Duration.ofSeconds(280);
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[?[0-9a-fA-F:]*:[0-9a-fA-F:.]*]?");

  private final Door door;
  private final Runs runs;
  private final Supplier<Keyring<HostedAgent>> keys;

  public HttpAdapterRoutes(Door door, Runs runs, Supplier<Keyring<HostedAgent>> keys) {
    this.door = door;
    this.runs = runs;
    this.keys = keys;
  }

  public void mount(Router router) {
    router.post("/v1/wakes").handler(this::wake);
  }

  private void wake(RoutingContext context) {
    Optional<HostedAgent> agent = keys.get().ownerOf(context.request());
    if (agent.isEmpty()) {
      Replies.refuse(context, 401, "show the agent's access key as a bearer token");
      return;
    }
    Optional<RunId> run = runId(context);
    if (run.isEmpty()) {
      Replies.refuse(context, 400, "the body must be JSON with the run's id in runId");
      return;
    }
    door.admit(new Incoming(agent.get(), run.get(), WayIn.HTTP, agent.get().key(), WakeFacts.NONE))
        .onSuccess(admission -> hold(context, admission))
        .onFailure(failure -> Replies.unavailableWithReason(context, failure));
  }

  private void hold(RoutingContext context, Admission admission) {
    switch (admission) {
      case Admission.Accepted(var view) when view.live() != null -> hold(context, view.live());
      case Admission.Accepted(var view) -> Replies.send(context, 200, RunJson.of(view));
      case Admission.Refused refused -> Replies.refuse(context, 403, "this is no live run of this agent");
      case Admission.Full full -> Replies.later(context, 503, "the queue is full", full.retryAfter());
    }
  }

  private void hold(RoutingContext context, HostedRun run) {
    long limit = context.vertx().setTimer(limit(context.request().authority()).toMillis(), late -> runs.postpone(run,
        "Paperclip's http adapter waits no longer than this for an answer, and the work needs more time"));
    run.over().onSuccess(ending -> {
      context.vertx().cancelTimer(limit);
      Replies.send(context, 200, RunJson.ended(run.id(), ending));
    });
  }

  private Duration limit(@Nullable HostAndPort asked) {
    return asked != null && ADDRESS.matcher(asked.host()).matches() ? HELD_FOR_AN_ADDRESS : HELD_FOR_A_NAME;
  }

  private static Optional<RunId> runId(RoutingContext context) {
    try {
      JsonNode body = ProtocolJson.mapper().readTree(context.body().asString());
      return body == null ? Optional.empty() : Optional.of(RunId.of(body.path("runId").asText()));
    } catch (JsonProcessingException | IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }
}
