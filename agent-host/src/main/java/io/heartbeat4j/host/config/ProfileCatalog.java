package io.heartbeat4j.host.config;

import io.heartbeat4j.client.ServerUrl;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The profiles that agents choose in Paperclip, and the servers whose runs may use them.
 *
 * @param defaultProfile of agents that choose none; empty where there is no profile
 * @param servers the first one is meant where the adapter names none
 */
public record ProfileCatalog(List<WorkerProfile> profiles, Optional<WorkerProfile> defaultProfile,
    List<ServerUrl> servers) {

  public static final ProfileCatalog NONE = new ProfileCatalog(List.of(), Optional.empty(), List.of());

  public ProfileCatalog {
    profiles = List.copyOf(profiles);
    servers = List.copyOf(servers);
  }

  public boolean isEmpty() {
    return profiles.isEmpty();
  }

  public Optional<WorkerProfile> find(String name) {
    return profiles.stream().filter(profile -> profile.settings().name().equals(name)).findFirst();
  }

  public List<String> names() {
    return profiles.stream().map(profile -> profile.settings().name()).toList();
  }

  /** The names of their workers. */
  Stream<String> workerNames() {
    return profiles.stream().map(profile -> profile.settings().workerName());
  }

  /** The provider accounts that their workers use. */
  Stream<String> providers() {
    return profiles.stream().flatMap(profile -> profile.provider().stream());
  }
}
