package io.heartbeat4j.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.heartbeat4j.client.ProtocolJson;
import io.heartbeat4j.host.cluster.Here;
import io.heartbeat4j.protocol.RunId;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whose a request is. A new wake is the agent's home's; a run that was taken in is its host's, wherever the balancer
 * sends the questions about it. A wake is not refused while a host goes or comes, since Paperclip would take its run
 * for failed (ADR 0008): it waits and is tried again. A question about a run is answered 503 meanwhile, never 404.
 */
final class Forwarding {

  private static final Logger LOG = LoggerFactory.getLogger(Forwarding.class);
  private static final long AGAIN_MILLIS = 300;
  private static final int FOR_ANOTHER_TO_TAKE_OVER = 30; // tries
  private static final int MOST_TRIES = 100;

  private record Wake(RoutingContext context, String agent, RunId run) {}

  private final Members members;
  private final Claims claims;
  private final Passing passing;

  Forwarding(Members members, Claims claims, Passing passing) {
    this.members = members;
    this.claims = claims;
    this.passing = passing;
  }

  void mount(Router router, Here here) {
    router.post("/v1/runs").handler(context -> wake(here, context, context.request().getHeader("Idempotency-Key")));
    router.post("/v1/wakes").handler(context -> wake(here, context, inBody(context)));
    router.get("/v1/runs/:id").handler(context -> about(here, context));
    router.get("/v1/runs/:id/events").handler(context -> about(here, context));
    router.post("/v1/runs/:id/stop").handler(context -> about(here, context));
    router.post("/live/agents/:name/:act").handler(this::everywhere);
  }

  /** What is malformed or shows no key is refused by this host's own route. */
  private void wake(Here here, RoutingContext context, @Nullable String id) {
    Optional<String> agent = here.agentOf(context.request());
    Optional<RunId> run = runId(id);
    if (Passing.wasPassedOn(context.request()) || agent.isEmpty() || run.isEmpty()) {
      context.next();
    } else {
      attempt(new Wake(context, agent.get(), run.get()), 0);
    }
  }

  private void attempt(Wake wake, int tries) {
    if (wake.context().response().closed()) {
      return; // whoever repeats it begins anew
    }
    claims.settle(wake.run(), members.home(wake.agent()))
        .compose(owner -> members.isPresent(owner) ? give(wake, owner) : ofOneThatIsGone(wake, owner, tries))
        .onFailure(unanswered -> {
          if (tries < MOST_TRIES) {
            wake.context().vertx().setTimer(AGAIN_MILLIS, again -> attempt(wake, tries + 1));
          } else {
            LOG.warn("run {} is taken in here: {}", wake.run(), unanswered.getMessage());
            wake.context().next();
          }
        });
  }

  private Future<Void> give(Wake wake, String owner) {
    if (owner.equals(members.self())) {
      wake.context().next();
      return Future.succeededFuture();
    }
    return passing.pass(wake.context(), owner).compose(answered -> answered ? Future.succeededFuture()
        : Future.failedFuture("host " + owner + " knows no such way in"));
  }

  /** Another host may have taken it over, or is about to; if none does, its wake is a new one. */
  private Future<Void> ofOneThatIsGone(Wake wake, String owner, int tries) {
    return search(wake.context(), wake.run()).compose(found -> {
      if (found.isPresent()) {
        return give(wake, found.get());
      }
      return tries < FOR_ANOTHER_TO_TAKE_OVER
          ? Future.failedFuture("host " + owner + " has it and is gone")
          : claims.handOver(wake.run(), owner, members.home(wake.agent()))
              .compose(handed -> Future.failedFuture("host " + owner + " had it and is gone"));
    });
  }

  private void about(Here here, RoutingContext context) {
    Optional<RunId> run = runId(context.pathParam("id"));
    if (Passing.wasPassedOn(context.request()) || run.isEmpty() || here.agentOf(context.request()).isEmpty()) {
      context.next();
      return;
    }
    here.knows(run.get())
        .compose(known -> known ? Future.succeededFuture(false)
            : byClaim(context, run.get())
                .compose(answered -> answered ? Future.succeededFuture(true) : bySearch(context, run.get())))
        .onSuccess(answered -> {
          if (!answered) {
            context.next();
          }
        })
        .onFailure(failure -> {
          if (!context.response().ended() && !context.response().closed()) {
            context.response().setStatusCode(503).putHeader(HttpHeaders.RETRY_AFTER, "1")
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json").end("{\"error\":\"ask again\"}");
          }
        });
  }

  /** False where the claims do not say whose it is, or another has taken it over since. */
  private Future<Boolean> byClaim(RoutingContext context, RunId run) {
    return claims.owner(run).compose(owner -> owner
        .filter(host -> members.isPresent(host) && !host.equals(members.self()))
        .map(host -> passing.pass(context, host))
        .orElseGet(() -> Future.succeededFuture(false)));
  }

  /** False where every host is there and none has it. */
  private Future<Boolean> bySearch(RoutingContext context, RunId run) {
    return search(context, run).compose(host -> {
      if (host.isPresent()) {
        return passing.pass(context, host.get());
      }
      return members.areAllPresent()
          ? Future.succeededFuture(false)
          : Future.failedFuture("a host is away that may have the run");
    });
  }

  /** Asks every other host; one that does not answer fails it unless another has the run. */
  private Future<Optional<String>> search(RoutingContext context, RunId run) {
    String key = context.request().getHeader(HttpHeaders.AUTHORIZATION);
    List<String> hosts = members.others();
    List<Future<Boolean>> asked = hosts.stream()
        .map(host -> passing.has(host, run, key).timeout(5, TimeUnit.SECONDS)).toList();
    return Future.join(asked).transform(answered -> {
      for (int i = 0; i < hosts.size(); i++) {
        if (asked.get(i).succeeded() && asked.get(i).result()) {
          return Future.succeededFuture(Optional.of(hosts.get(i)));
        }
      }
      return answered.succeeded() ? Future.succeededFuture(Optional.empty()) : Future.failedFuture(answered.cause());
    });
  }

  /** A pause is meant for the agent, wherever it is at home. */
  private void everywhere(RoutingContext context) {
    if (!Passing.wasPassedOn(context.request())) {
      members.others().forEach(host -> passing.tell(context, host)
          .onFailure(failure -> LOG.warn("host {} was not told of {}", host, context.request().path(), failure)));
    }
    context.next();
  }

  private static @Nullable String inBody(RoutingContext context) {
    try {
      return ProtocolJson.mapper().readTree(context.body().asString()).path("runId").asText();
    } catch (JsonProcessingException | IllegalArgumentException malformed) {
      return null;
    }
  }

  private static Optional<RunId> runId(@Nullable String text) {
    try {
      return text == null ? Optional.empty() : Optional.of(RunId.of(text));
    } catch (IllegalArgumentException other) {
      return Optional.empty();
    }
  }
}
