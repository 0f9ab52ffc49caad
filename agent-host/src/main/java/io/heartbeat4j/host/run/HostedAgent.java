package io.heartbeat4j.host.run;

import io.heartbeat4j.client.AgentSession;
import io.heartbeat4j.client.AgentToken;
import io.heartbeat4j.client.PaperclipClient;
import io.heartbeat4j.heartbeat.memory.AgentMemory;
import io.heartbeat4j.heartbeat.outcome.HeartbeatException;
import io.heartbeat4j.heartbeat.work.AgentSetup;
import io.heartbeat4j.heartbeat.work.Detachment;
import io.heartbeat4j.heartbeat.work.ProviderGateRegistry;
import io.heartbeat4j.heartbeat.work.UsageDestination;
import io.heartbeat4j.host.config.AgentConfiguration;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.CompanyId;
import io.heartbeat4j.storage.FencedStorage;
import io.heartbeat4j.storage.Storage;
import io.heartbeat4j.storage.StorageSession;
import io.heartbeat4j.worker.Budget;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One agent of the host: its configuration and its identity on its server. Confined to the host's event loop. */
public final class HostedAgent {

  private static final Logger LOG = LoggerFactory.getLogger(HostedAgent.class);

  /** The agent and company that the key belongs to. */
  public record AgentIdentity(AgentId id, CompanyId company, String name) {}

  private final PaperclipClient server;
  private final Path stateDirectory;
  private final StorageSession storage;
  private final ProviderGateRegistry gates;
  private AgentConfiguration configuration;
  private @Nullable Future<AgentIdentity> identity;
  private boolean paused;
  private Optional<String> problem = Optional.empty();
  private Future<Void> exclusiveAction = Future.succeededFuture();

  /** An agent without a key, whose identity the server has told to one of its runs. */
  public HostedAgent(AgentConfiguration configuration, AgentIdentity identity, PaperclipClient server,
      StorageSession storage, Path state, ProviderGateRegistry gates) {
    this(configuration, server, storage, state, gates);
    this.identity = Future.succeededFuture(identity);
  }

  public HostedAgent(AgentConfiguration configuration, PaperclipClient server, StorageSession storage, Path state,
      ProviderGateRegistry gates) {
    this.configuration = configuration;
    this.server = server;
    this.storage = storage;
    this.stateDirectory = state;
    this.gates = gates;
  }

  public String name() {
    return configuration.name();
  }

  /** The name for people: as configured, or in Paperclip where it has chosen a profile. */
  public String displayName() {
    return key().isPresent() ? name() : knownIdentity().map(AgentIdentity::name).orElseGet(this::name);
  }

  public AgentConfiguration configuration() {
    return configuration;
  }

  /** Changes the configuration for heartbeats that start from now on. The server's address does not change. */
  public void configure(AgentConfiguration other) {
    if (!other.key().equals(configuration.key())) {
      identity = null; // the new key may be another agent's
    }
    configuration = other;
  }

  public PaperclipClient server() {
    return server;
  }

  /** A session with the agent's own key. Only of an agent that has one. */
  public AgentSession session() {
    return server.session(configuration.key().orElseThrow());
  }

  /** Empty if the agent has only the tokens of its runs. */
  public Optional<AgentToken> key() {
    return configuration.key();
  }

  /** Whether its wakes wait until an operator resumes it on this host. */
  public boolean isPaused() {
    return paused;
  }

  void setPaused(boolean yes) {
    paused = yes;
  }

  /** What keeps it from working, as the server said when it was asked; empty where nothing is known. */
  public Optional<String> problem() {
    return problem;
  }

  void setProblem(Optional<String> found) {
    problem = found;
  }

  /** Runs an action exclusively: heartbeats of this agent that are due meanwhile wait. */
  Future<Void> runExclusively(Supplier<Future<Void>> act) {
    exclusiveAction = act.get();
    return exclusiveAction;
  }

  /** Completes when heartbeats of this agent may run. */
  Future<Void> awaitAvailable() {
    return exclusiveAction.otherwiseEmpty();
  }

  /** Asks the server at the first call; a failure is not cached. */
  public Future<AgentIdentity> identity() {
    Future<AgentIdentity> asked = identity;
    if (asked == null || asked.failed()) {
      asked = session().me().compose(me -> configuration.id().filter(id -> !id.equals(me.id())).isPresent()
          ? Future.failedFuture(new HeartbeatException(HeartbeatException.Kind.NOT_ALLOWED,
              "the key of agent '" + name()
                  + "' is agent " + me.id() + "'s (" + me.name() + "), not " + configuration.id().orElseThrow() + "'s"))
          : Future.succeededFuture(new AgentIdentity(me.id(), me.companyId(), me.name())));
      identity = asked;
    }
    return asked;
  }

  /** Empty until the server has answered. */
  public Optional<AgentIdentity> knownIdentity() {
    Future<AgentIdentity> asked = identity;
    return asked == null || !asked.succeeded() ? Optional.empty() : Optional.of(asked.result());
  }

  /** @param isOurs as long as it is true, the heartbeat may write to the storage */
  AgentSetup setup(AgentIdentity self, BooleanSupplier isOurs, UsageDestination bill, Detachment detachment) {
    return new AgentSetup(
        configuration.worker(), configuration.limits(),
        memory(new FencedStorage(storage, isOurs), self.id(), self.company()), stateDirectory.resolve("_scratch"),
        Budget.UNLIMITED, gates, bill, detachment);
  }

  /** The agent's memory and write-ahead log. */
  AgentMemory memory(AgentId id, CompanyId company) {
    return memory(storage, id, company);
  }

  private AgentMemory memory(Storage records, AgentId id, CompanyId company) {
    Consumer<String> warnings = warning -> LOG.warn("{}: {}", name(), warning);
    return storage.isShared()
        ? AgentMemory.shared(records, stateDirectory, server.url(), company, id, warnings)
        : AgentMemory.of(records, stateDirectory, server.url(), company, id, warnings);
  }
}
