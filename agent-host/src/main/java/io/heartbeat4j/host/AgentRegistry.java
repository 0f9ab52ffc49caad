package io.heartbeat4j.host;

import io.heartbeat4j.client.PaperclipClient;
import io.heartbeat4j.client.ServerUrl;
import io.heartbeat4j.heartbeat.work.ProviderGateRegistry;
import io.heartbeat4j.host.config.AgentConfiguration;
import io.heartbeat4j.host.config.HostConfiguration;
import io.heartbeat4j.host.http.AccessKeyAuthenticator;
import io.heartbeat4j.host.http.ProfileAgents;
import io.heartbeat4j.host.run.HostedAgent;
import io.heartbeat4j.storage.StorageSession;
import io.heartbeat4j.worker.Secret;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Registry of the host's agents, by name and by access key, and of the servers they work for. Confined to the host's
 * loop.
 */
final class AgentRegistry implements ProfileAgents {

  private final Function<ServerUrl, PaperclipClient> connector;
  private final ProviderGateRegistry gates;
  private final Map<ServerUrl, PaperclipClient> servers = new HashMap<>();
  private final Map<String, HostedAgent> agents = new LinkedHashMap<>();
  private @Nullable StorageSession storage;
  private Path stateDirectory = Path.of(".");
  private AccessKeyAuthenticator<HostedAgent> accessKeys = new AccessKeyAuthenticator<>(Map.of());

  AgentRegistry(Function<ServerUrl, PaperclipClient> connecting, ProviderGateRegistry gates) {
    this.connector = connecting;
    this.gates = gates;
  }

  /** Replaces the agents; those that stay keep their identity. */
  void update(HostConfiguration configuration, StorageSession opened) {
    storage = opened;
    stateDirectory = configuration.stateDirectory();
    configuration.profiles().servers().forEach(this::server);
    Map<Secret, HostedAgent> owners = new HashMap<>();
    Set<String> names = new HashSet<>();
    for (AgentConfiguration each : configuration.agents()) {
      HostedAgent agent = agents.computeIfAbsent(each.name(), first -> new HostedAgent(
          each, server(each.server()), opened, stateDirectory, gates));
      agent.configure(each);
      names.add(each.name());
      each.accessKey().ifPresent(key -> owners.put(key, agent));
    }
    agents.values().removeIf(agent -> agent.key().isPresent() && !names.contains(agent.name()));
    accessKeys = new AccessKeyAuthenticator<>(owners);
  }

  @Override
  public PaperclipClient server(ServerUrl url) {
    return servers.computeIfAbsent(url, connector);
  }

  @Override
  public HostedAgent agent(HostedAgent.AgentIdentity self, AgentConfiguration configuration) {
    return agents.compute(configuration.name(), (name, known) -> known != null
        && known.server().url().equals(configuration.server())
            ? known
            : new HostedAgent(configuration, self, server(configuration.server()),
                Objects.requireNonNull(storage, "the host has started"), stateDirectory, gates));
  }

  List<HostedAgent> all() {
    return List.copyOf(agents.values());
  }

  /** A live view. */
  Map<String, HostedAgent> byName() {
    return Collections.unmodifiableMap(agents);
  }

  AccessKeyAuthenticator<HostedAgent> accessKeys() {
    return accessKeys;
  }

  List<PaperclipClient> servers() {
    return List.copyOf(servers.values());
  }
}
