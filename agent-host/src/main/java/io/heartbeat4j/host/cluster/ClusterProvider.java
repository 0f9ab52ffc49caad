package io.heartbeat4j.host.cluster;

import io.heartbeat4j.host.config.HostConfiguration;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.ServiceLoader;

/** Joins hosts to one another; found by {@link ServiceLoader}, since its jars are optional. */
public interface ClusterProvider {

  /** What was joined; {@link Vertx#close()} leaves it. */
  record Joined(Vertx vertx, Neighbours neighbours) {}

  /** Fails, in words for an operator, where the cluster's address can't be had or another host has this one's name. */
  Future<Joined> join(HostConfiguration configuration);

  static Optional<ClusterProvider> find() {
    return ServiceLoader.load(ClusterProvider.class, ClusterProvider.class.getClassLoader()).findFirst();
  }
}
