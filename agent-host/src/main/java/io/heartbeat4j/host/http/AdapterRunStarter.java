package io.heartbeat4j.host.http;

import io.heartbeat4j.client.AgentToken;
import io.heartbeat4j.client.Forbidden;
import io.heartbeat4j.client.ServerUrl;
import io.heartbeat4j.client.TokenClaims;
import io.heartbeat4j.client.Unauthorized;
import io.heartbeat4j.heartbeat.wake.WakeFacts;
import io.heartbeat4j.host.config.AgentConfiguration;
import io.heartbeat4j.host.config.ProfileCatalog;
import io.heartbeat4j.host.config.WorkerProfile;
import io.heartbeat4j.host.run.AdmissionResult;
import io.heartbeat4j.host.run.AdmissionResult.RunView;
import io.heartbeat4j.host.run.AdmissionService;
import io.heartbeat4j.host.run.HostedAgent.AgentIdentity;
import io.heartbeat4j.host.run.HostedRun;
import io.heartbeat4j.host.run.IncomingWake;
import io.heartbeat4j.host.run.RunCoordinator;
import io.heartbeat4j.host.run.WakeChannel;
import io.heartbeat4j.plugin.NameSuggestion;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.CompanyId;
import io.heartbeat4j.protocol.RunId;
import io.heartbeat4j.storage.StorageException;
import io.heartbeat4j.worker.SettingsException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the runs that the adapter brings. The server is asked whose the token is before a profile is looked up, a
 * worker is made, or anything is stored; what the body says of agent and company has to agree with the server.
 */
public final class AdapterRunStarter {

  private static final String REFUSED = "the run's token was refused: it is not of this agent, its company and this"
      + " run, or the run is over";
  private static final int MAX_SENTENCE = 1_000;

  private static final Logger LOG = LoggerFactory.getLogger(AdapterRunStarter.class);

  private final WorkerExecutor threads;
  private final AdmissionService admissionService;
  private final RunCoordinator runCoordinator;
  private final Supplier<ProfileCatalog> profiles;
  private final ProfileAgents agents;

  /** @param profiles asked at each request, since a reload changes them */
  public AdapterRunStarter(Vertx vertx, AdmissionService admissionService, RunCoordinator runCoordinator,
      Supplier<ProfileCatalog> profiles, ProfileAgents agents) {
    this.threads = vertx.createSharedWorkerExecutor("profiles", 2); // making a worker may take its time
    this.admissionService = admissionService;
    this.runCoordinator = runCoordinator;
    this.profiles = profiles;
    this.agents = agents;
  }

  /** Completes with the run once it is stored; fails with an {@link AdapterException}. */
  Future<RunView> start(AdapterRunRequest request, AgentToken token) {
    RunId run = request.run().orElseThrow(() -> AdapterException.badRequest("runId is missing"));
    Optional<HostedRun> live = runCoordinator.live(run);
    if (live.isPresent()) {
      return live.get().hasToken(Optional.of(token))
          ? Future.succeededFuture(RunView.of(live.get()))
          : Future.failedFuture(AdapterException.tokenRefused(REFUSED));
    }
    if (runCoordinator.isDraining()) {
      throw new AdapterException(503, "draining", "the host is about to end: ask the next one");
    }
    ServerUrl server = server(request);
    return identify(server, request, token)
        .compose(self -> configure(server, self.id(), request)
            .compose(configuration -> admissionService.admit(new IncomingWake(agents.agent(self, configuration), run,
                WakeChannel.EXTERNAL_ADAPTER, token, WakeFacts.NONE, Optional.of(configuration)))
                .recover(failure -> Future.failedFuture(unavailable(failure)))))
        .map(AdapterRunStarter::accepted);
  }

  private static RunView accepted(AdmissionResult result) {
    return switch (result) {
      case AdmissionResult.Accepted(var run) -> run;
      case AdmissionResult.Refused refused -> throw AdapterException.tokenRefused(REFUSED);
      case AdmissionResult.QueueFull full ->
        throw new AdapterException(429, "queue_full", "too many runs of the agent or the host wait already");
    };
  }

  /** The server that the request means: only a configured one is ever called. */
  ServerUrl server(AdapterRunRequest request) {
    if (request.server().isEmpty()) {
      return profiles.get().servers().stream().findFirst().orElseThrow(() -> AdapterException.invalid("unknown_server",
          "the host has no server: set 'server' in its host.yaml"));
    }
    try {
      ServerUrl asked = ServerUrl.of(request.server().get());
      return profiles.get().servers().stream().filter(known -> isSame(known, asked)).findFirst()
          .orElseThrow(() -> AdapterException.invalid("unknown_server", "the host accepts no runs of " + asked
              + ": name that server as 'server' in its host.yaml"));
    } catch (IllegalArgumentException wrong) {
      throw AdapterException.invalid("unknown_server", String.valueOf(wrong.getMessage()));
    }
  }

  private static boolean isSame(ServerUrl known, ServerUrl asked) {
    return known.port() == asked.port() && known.basePath().equals(asked.basePath())
        && (known.host().equals(asked.host()) || (isLoopback(known.host()) && isLoopback(asked.host())));
  }

  private static boolean isLoopback(String host) {
    return host.equals("localhost") || host.equals("::1") || host.startsWith("127.");
  }

  /** Whom the server takes the token for. */
  Future<AgentIdentity> identify(ServerUrl server, AdapterRunRequest request, AgentToken token) {
    AgentId agent = request.agent().orElseThrow(() -> AdapterException.badRequest("agentId is missing"));
    CompanyId company = request.company().orElseThrow(() -> AdapterException.badRequest("companyId is missing"));
    if (token.claims().filter(claims -> !isOf(claims, agent, company, request.run())).isPresent()) {
      return Future.failedFuture(AdapterException.tokenRefused(REFUSED));
    }
    return agents.server(server).session(token).me()
        .recover(failure -> Future.failedFuture(failure instanceof Unauthorized || failure instanceof Forbidden
            ? AdapterException.tokenRefused(REFUSED)
            : unavailable(failure)))
        .map(me -> {
          if (!me.id().equals(agent) || !me.companyId().equals(company)) {
            throw AdapterException.tokenRefused(REFUSED);
          }
          return new AgentIdentity(me.id(), me.companyId(), me.name());
        });
  }

  private static boolean isOf(TokenClaims claims, AgentId agent, CompanyId company, Optional<RunId> run) {
    return claims.agent().equals(agent) && claims.company().equals(company)
        && run.map(claims.run()::equals).orElse(true);
  }

  private static AdapterException unavailable(Throwable failure) {
    LOG.warn("a run of Paperclip's heartbeat4j adapter could not be taken in: {}", failure.getMessage());
    return failure.getCause() instanceof StorageException
        ? new AdapterException(503, "store_unavailable", "the host's store does not answer: " + failure.getMessage())
        : new AdapterException(503, "server_unavailable",
            "the host can't ask the Paperclip server about the run: " + failure.getMessage());
  }

  /** The agent with its profile and its own settings, which are checked like those of the host's file. */
  Future<AgentConfiguration> configure(ServerUrl server, AgentId agent, AdapterRunRequest request) {
    WorkerProfile profile = profile(request);
    checkOverridable(profile, request);
    Map<String, Object> settings = request.settings();
    return threads.executeBlocking(() -> profile.configure(agent, server, settings, request.workspace()), false)
        .recover(failure -> Future.failedFuture(failure instanceof SettingsException wrong
            ? AdapterException.invalid("invalid_settings", shortened(String.join("; ", wrong.problems())))
            : failure));
  }

  /** @throws AdapterException if there is no such profile */
  WorkerProfile profile(AdapterRunRequest request) {
    ProfileCatalog catalog = profiles.get();
    return request.profile().map(catalog::find).orElseGet(catalog::defaultProfile)
        .orElseThrow(() -> AdapterException.invalid("unknown_profile", request.profile()
            .map(name -> "the host has no profile '" + shortened(name) + "'"
                + NameSuggestion.didYouMean(shortened(name), catalog.names()) + ": it has "
                + String.join(", ", catalog.names()))
            .orElse("the host has no profile: add one under 'profiles' in its host.yaml")));
  }

  private static void checkOverridable(WorkerProfile profile, AdapterRunRequest request) {
    request.settings().keySet().stream().filter(name -> !profile.overridable().containsKey(name)).findFirst()
        .or(() -> request.workspace().filter(path -> !profile.settings().mayChooseWorkspace())
            .map(path -> WorkerProfile.WORKSPACE))
        .ifPresent(name -> {
          throw AdapterException.invalid("setting_not_overridable", "the profile '" + profile.settings().name()
              + "' does not let an agent set '" + shortened(name) + "': leave it empty, or add it to 'overridable' of"
              + " the profile in host.yaml");
        });
  }

  private static String shortened(String text) {
    return text.length() > MAX_SENTENCE ? text.substring(0, MAX_SENTENCE) + "..." : text;
  }
}
