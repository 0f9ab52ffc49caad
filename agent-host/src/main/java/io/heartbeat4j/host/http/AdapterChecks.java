package io.heartbeat4j.host.http;

import io.heartbeat4j.client.AgentToken;
import io.heartbeat4j.client.PaperclipClient;
import io.heartbeat4j.client.ServerUrl;
import io.heartbeat4j.heartbeat.work.ProviderGateRegistry;
import io.heartbeat4j.host.config.AgentConfiguration;
import io.heartbeat4j.host.config.WorkerProfile;
import io.heartbeat4j.protocol.AgentId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What the Test button of Paperclip's dialog shows: whether an agent with this configuration could be worked now. */
public final class AdapterChecks {

  private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(1);
  private static final AgentId NOBODY = new AgentId(new UUID(0, 0));

  private final Vertx vertx;
  private final AdapterRunStarter starter;
  private final ProfileAgents agents;
  private final ProviderGateRegistry gates;

  public AdapterChecks(Vertx vertx, AdapterRunStarter starter, ProfileAgents agents, ProviderGateRegistry gates) {
    this.vertx = vertx;
    this.starter = starter;
    this.agents = agents;
    this.gates = gates;
  }

  /** One result: a failed one says what to do. */
  private record Check(String code, String level, String message, Optional<String> hint) {

    static Check passed(String code, String message) {
      return new Check(code, "info", message, Optional.empty());
    }

    static Check warning(String code, String message, String hint) {
      return new Check(code, "warn", message, Optional.of(hint));
    }

    static Check failed(String code, String message, String hint) {
      return new Check(code, "error", message, Optional.of(hint));
    }

    JsonObject toJson() {
      JsonObject json = new JsonObject().put("code", code).put("level", level).put("message", message);
      hint.ifPresent(text -> json.put("hint", text));
      return json;
    }
  }

  /** All checks, each of which may fail for itself. */
  Future<JsonObject> run(AdapterRunRequest request, Optional<AgentToken> token) {
    List<Future<List<Check>>> checks = List.of(
        attempt("worker", () -> worker(request)),
        attempt("server", () -> server(request)),
        attempt("token", () -> token(request, token)));
    return Future.all(checks).map(all -> new JsonObject().put("checks", new JsonArray(
        checks.stream().flatMap(each -> each.result().stream()).map(Check::toJson).toList())));
  }

  private interface Attempt {
    Future<List<Check>> get();
  }

  /** A refusal is a failed check. */
  private static Future<List<Check>> attempt(String code, Attempt attempt) {
    Future<List<Check>> checked;
    try {
      checked = attempt.get();
    } catch (AdapterException refused) {
      checked = Future.failedFuture(refused);
    }
    return checked.recover(failure -> Future.succeededFuture(List.of(failure instanceof AdapterException refused
        ? Check.failed(refused.code(), refused.sentence(), "change the agent's configuration, or the host's host.yaml")
        : Check.failed(code, String.valueOf(failure.getMessage()), "look into the host's log"))));
  }

  private Future<List<Check>> worker(AdapterRunRequest request) {
    WorkerProfile profile = starter.profile(request);
    return starter.configure(starter.server(request), request.agent().orElse(NOBODY), request)
        .compose(agent -> workspace(agent).map(workspace -> List.of(
            Check.passed("profile", "profile '" + profile.settings().name() + "'"), provider(profile, agent),
            workspace)));
  }

  private Check provider(WorkerProfile profile, AgentConfiguration agent) {
    JsonObject health = AdapterJson.health(agent.provider(), gates);
    String worker = "worker " + profile.settings().workerName() + ": " + health.getString("message");
    return health.getString("level").equals("info")
        ? Check.passed("worker", worker)
        : Check.warning("worker", worker, "wait until then, or use another account");
  }

  private Future<Check> workspace(AgentConfiguration agent) {
    Optional<Path> own = agent.workspace();
    return own.isEmpty()
        ? Future.succeededFuture(Check.passed("workspace", "the directory that Paperclip prepares for a run"))
        : vertx.executeBlocking(() -> Files.isWritable(own.get()), false).map(writable -> writable
            ? Check.passed("workspace", own.get() + " is writable")
            : Check.failed("workspace", "the host can't write to " + own.get(),
                "let the host's user write there, or name another directory"));
  }

  private Future<List<Check>> server(AdapterRunRequest request) {
    ServerUrl url = starter.server(request);
    PaperclipClient server = agents.server(url);
    return server.serverClockOffset().map(ahead -> List.of(
        Check.passed("server", "the host reaches " + url),
        ahead.filter(difference -> difference.abs().compareTo(CLOCK_TOLERANCE) > 0)
            .map(difference -> Check.warning("clock", "the server's clock is " + difference.toSeconds()
                + " s ahead of the host's", "set both by NTP"))
            .orElseGet(() -> Check.passed("clock", "the clocks of host and server agree"))))
        .otherwise(unreachable -> List.of(Check.failed("server", "the host can't reach " + url + ": "
            + unreachable.getMessage(), "set 'server' in host.yaml to an address that the host reaches")));
  }

  private Future<List<Check>> token(AdapterRunRequest request, Optional<AgentToken> token) {
    return token.isEmpty()
        ? Future.succeededFuture(List.of(Check.passed("token", "each run brings its own token")))
        : starter.identify(starter.server(request), request, token.get())
            .map(self -> List.of(Check.passed("token", "the server takes the token for agent " + self.name())));
  }
}
