package io.heartbeat4j.host.http;

import io.heartbeat4j.heartbeat.outcome.WorkFailure;
import io.heartbeat4j.client.AgentToken;
import io.heartbeat4j.heartbeat.work.ProviderGateRegistry;
import io.heartbeat4j.host.config.ProfileCatalog;
import io.heartbeat4j.host.run.AdmissionResult.RunView;
import io.heartbeat4j.host.run.AdmissionService;
import io.heartbeat4j.host.run.HostedRun;
import io.heartbeat4j.host.run.RunCoordinator;
import io.heartbeat4j.protocol.RunId;
import io.heartbeat4j.worker.Secret;
import io.vertx.core.Future;
import io.vertx.core.http.HttpConnection;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What Paperclip's heartbeat4j adapter calls, over the unix socket or over HTTP (docs/adapter-api.yaml): it lists the
 * profiles, starts a run with the run's own token, follows its log and stops it. Over HTTP the adapter's key is checked
 * before a body is read; who may open the socket is decided by its file's permissions.
 */
public final class ExternalAdapterRoutes {

  private static final String PATH = "/v1/adapter/";
  private static final String TOKEN = "Paperclip-Run-Token";
  private static final WorkFailure STOPPED = new WorkFailure(WorkFailure.Kind.CANCELLED,
      "Paperclip has stopped the run.");

  private final AdapterRunStarter starter;
  private final AdmissionService admissionService;
  private final RunCoordinator runCoordinator;
  private final Supplier<ProfileCatalog> profiles;
  private final ProviderGateRegistry gates;
  private final AdapterChecks checks;
  private final UnfollowedRuns unfollowed;
  private final int bodyBytes;

  /**
   * @param profiles asked at each request, since a reload changes them
   * @param bodyBytes the largest body
   */
  public ExternalAdapterRoutes(AdapterRunStarter starter, AdmissionService admissionService,
      RunCoordinator runCoordinator, Supplier<ProfileCatalog> profiles, ProviderGateRegistry gates,
      AdapterChecks checks, UnfollowedRuns unfollowed, int bodyBytes) {
    this.starter = starter;
    this.admissionService = admissionService;
    this.runCoordinator = runCoordinator;
    this.profiles = profiles;
    this.gates = gates;
    this.checks = checks;
    this.unfollowed = unfollowed;
    this.bodyBytes = bodyBytes;
  }

  /**
   * Adds the routes.
   *
   * @param key the adapter's; empty on the unix socket
   * @param onKey receives the connection of each request with the key
   */
  public void mount(Router router, Optional<Secret> key, Consumer<HttpConnection> onKey) {
    key.map(secret -> new AccessKeyAuthenticator<>(Map.of(secret, true)))
        .ifPresent(keys -> router.route(PATH + "*").handler(context -> authenticate(context, keys, onKey)));
    router.route(PATH + "*").handler(ExternalAdapterRoutes::checkVersion)
        .failureHandler(ExternalAdapterRoutes::refuseLargeBody);
    router.get(PATH + "profiles").handler(
        context -> JsonResponseWriter.send(context, 200, AdapterJson.profiles(profiles.get(), gates)));
    router.post(PATH + "*").handler(BodyHandler.create(false).setBodyLimit(bodyBytes));
    router.post(PATH + "test").handler(context -> answer(context, this::test));
    router.post(PATH + "runs").handler(context -> answer(context, this::start));
    router.get(PATH + "runs/:id").handler(context -> answer(context, this::status));
    router.get(PATH + "runs/:id/events").handler(context -> answer(context, this::events));
    router.delete(PATH + "runs/:id").handler(context -> answer(context, this::stop));
  }

  private static void authenticate(RoutingContext context, AccessKeyAuthenticator<Boolean> keys,
      Consumer<HttpConnection> onKey) {
    if (keys.ownerOf(context.request()).isEmpty()) {
      refuse(context, new AdapterException(401, "key_refused", "send the host's adapter-key as a bearer token"));
      return;
    }
    onKey.accept(context.request().connection());
    context.next();
  }

  private static void checkVersion(RoutingContext context) {
    if (String.valueOf(AdapterJson.API).equals(context.request().getHeader("Heartbeat-Adapter-Version"))) {
      context.next();
    } else {
      refuse(context, new AdapterException(426, "adapter_version", "this host knows version " + AdapterJson.API
          + " of the adapter: install the adapter that comes with the host"));
    }
  }

  private static void refuseLargeBody(RoutingContext context) {
    if (context.statusCode() == 413) {
      refuse(context, new AdapterException(413, "body_too_large",
          "the body is larger than the host takes: see limits.body-bytes in its host.yaml"));
    } else {
      context.next();
    }
  }

  /** Answers with what the action throws or fails with. */
  private static void answer(RoutingContext context, Function<RoutingContext, Future<?>> action) {
    Future<?> done;
    try {
      done = action.apply(context);
    } catch (AdapterException refused) {
      done = Future.failedFuture(refused);
    }
    done.onFailure(failure -> {
      if (failure instanceof AdapterException refused) {
        refuse(context, refused);
      } else {
        context.fail(failure);
      }
    });
  }

  private static void refuse(RoutingContext context, AdapterException refused) {
    refused.retryAfter().ifPresent(when -> context.response().putHeader("Retry-After", "" + when.toSeconds()));
    JsonResponseWriter.send(context, refused.status(), AdapterJson.error(refused));
  }

  private Future<?> test(RoutingContext context) {
    Optional<AgentToken> token = context.request().headers().contains(TOKEN)
        ? Optional.of(token(context))
        : Optional.empty();
    return checks.run(AdapterRunRequest.parse(context.body().asString()), token)
        .onSuccess(results -> JsonResponseWriter.send(context, 200, results));
  }

  private Future<?> start(RoutingContext context) {
    return starter.start(AdapterRunRequest.parse(context.body().asString()), token(context)).onSuccess(run -> {
      if (run.liveRun() != null) {
        unfollowed.accepted(run.id(), run.liveRun().completion());
      }
      JsonResponseWriter.send(context, 202, AdapterJson.run(run));
    });
  }

  private Future<?> status(RoutingContext context) {
    return find(context).onSuccess(run -> JsonResponseWriter.send(context, 200, AdapterJson.run(run)));
  }

  private Future<?> events(RoutingContext context) {
    return find(context).compose(runCoordinator::awaitHereOrOver).onSuccess(run -> {
      HostedRun live = run.liveRun();
      if (context.response().closed()) {
        return;
      }
      if (live == null || live.log().isEmpty()) {
        ServerSentEventStream.open(context.vertx(), context.response(), () -> {});
        context.response()
            .end(RunLogStream.end(run, Objects.requireNonNull(run.result(), "a run that is not here is over")));
        return;
      }
      live.followed();
      unfollowed.followed(run.id(), live.completion());
      RunLogStream.open(context.vertx(), context.response(), live, live.log().get(), lastEvent(context), () -> {
        live.left();
        unfollowed.left(run.id());
      });
    });
  }

  private static long lastEvent(RoutingContext context) {
    try {
      return Long.parseLong(String.valueOf(context.request().getHeader("Last-Event-ID")));
    } catch (NumberFormatException none) {
      return 0;
    }
  }

  private Future<?> stop(RoutingContext context) {
    return find(context).onSuccess(run -> {
      HostedRun live = run.liveRun();
      if (live == null) {
        runCoordinator.stopRemote(run.id(), STOPPED);
      } else if (!live.phase().isOver()) {
        runCoordinator.stop(live, STOPPED);
      }
      JsonResponseWriter.send(context, 202, AdapterJson.run(live == null ? run : RunView.of(live)));
    });
  }

  /** The run that the request names, if it shows its token: another's is answered like one that is not there. */
  private Future<RunView> find(RoutingContext context) {
    AgentToken token = token(context);
    RunId id;
    try {
      id = RunId.of(context.pathParam("id"));
    } catch (IllegalArgumentException malformed) {
      throw AdapterException.badRequest("the run's id must be a UUID");
    }
    return runCoordinator.find(id).map(run -> run.filter(found -> admissionService.hasToken(found, token))
        .orElseThrow(
            () -> new AdapterException(404, "unknown_run", "this host does not have the run: start it again")));
  }

  private static AgentToken token(RoutingContext context) {
    String header = context.request().getHeader(TOKEN);
    try {
      return AgentToken.of(header == null ? "" : header);
    } catch (IllegalArgumentException malformed) {
      throw AdapterException.tokenRefused("send the run's own token in the header " + TOKEN);
    }
  }
}
