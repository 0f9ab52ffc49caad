package io.heartbeat4j.host;

import com.google.inject.Module;
import io.heartbeat4j.host.run.RunListener;
import io.heartbeat4j.redaction.Redactor;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.random.RandomGenerator;

/**
 * What a distribution passes to a host.
 *
 * @param random spreads requests that would coincide
 * @param redactor knows the configuration's secrets
 * @param environment of the process
 * @param listeners receive every run and every step, on the host's event loop
 * @param policies Guice modules that replace policies of the heartbeat
 * @param exitCodes the exit code of {@code heartbeat run} for a failure
 */
public record HostDependencies(
    Clock clock, RandomGenerator random, Redactor redactor, Map<String, String> environment,
    List<RunListener> listeners, List<Module> policies, ToIntFunction<Throwable> exitCodes) {
  public HostDependencies {
    environment = Map.copyOf(environment);
    listeners = List.copyOf(listeners);
    policies = List.copyOf(policies);
  }
}
