package io.heartbeat4j.host.config;

import io.heartbeat4j.heartbeat.work.WorkerSource;
import io.heartbeat4j.worker.Secret;
import io.heartbeat4j.worker.SettingsException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The checked configuration of a host: every agent in it can run.
 *
 * @param agentsDirectory the directory of the files of further agents; it need not exist
 * @param store the URL of the storage that several hosts share; empty for files in the state directory
 * @param tracing the destination of spans, if they are sent
 * @param profiles for agents that are not configured here
 */
public record HostConfiguration(
    Path file, Path agentsDirectory, HttpServerConfiguration httpServer, HostLimits limits, Path stateDirectory,
    List<AgentConfiguration> agents, Optional<Secret> store, Optional<TracingConfiguration> tracing,
    ProfileCatalog profiles) {

  public HostConfiguration {
    agents = List.copyOf(agents);
  }

  /** A single host, without traces and profiles. */
  public HostConfiguration(
      Path file, Path agentsDirectory, HttpServerConfiguration listening, HostLimits limits, Path stateDirectory,
      List<AgentConfiguration> agents) {
    this(file, agentsDirectory, listening, limits, stateDirectory, agents, Optional.empty(), Optional.empty(),
        ProfileCatalog.NONE);
  }

  /** How many agents and profiles there are, for messages. */
  public String describeAgents() {
    return agents.size() + " agents" + (profiles.isEmpty() ? "" : ", " + profiles.profiles().size() + " profiles");
  }

  /** Where the state is kept, for messages. */
  public String storageLocation() {
    return store.isPresent() ? "the store" : stateDirectory.toString();
  }

  /**
   * Reads the file and the files of its agents' directory, and creates every worker once. Blocks.
   *
   * @param plugins the plugins directory, if the file names none
   * @param standardState the state directory, if the file names none
   * @param secrets receives every secret value that is read
   * @throws SettingsException with all problems, each with file, line and the correct form
   */
  public static HostConfiguration read(
      Path file, Map<String, String> environment, Path plugins, Path standardState,
      java.util.function.Consumer<String> secrets) {
    return new HostConfigurationReader(YamlFile.read(file), environment, plugins, standardState, secrets).read();
  }

  /** The workers of all agents, without duplicates. */
  public Set<WorkerSource> workers() {
    Set<WorkerSource> all = Collections.newSetFromMap(new IdentityHashMap<>());
    agents.forEach(agent -> all.add(agent.worker()));
    return all;
  }

  public Optional<AgentConfiguration> agent(String name) {
    return agents.stream().filter(agent -> agent.name().equals(name)).findFirst();
  }
}
