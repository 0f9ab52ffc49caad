package io.heartbeat4j.host;

import com.google.inject.Module;
import io.heartbeat4j.heartbeat.HeartbeatListener;
import io.heartbeat4j.heartbeat.redact.Redactor;
import java.time.Clock;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * What a distribution gives a host.
 *
 * @param redactor knows the configuration's secrets
 * @param listeners are told of every step of every heartbeat, as {@link HeartbeatListener} says
 * @param policies Guice modules that replace policies of the heartbeat
 * @param exitCodes the exit code of {@code heartbeat run} for a failure
 */
public record Services(
    Clock clock, Redactor redactor, List<HeartbeatListener> listeners, List<Module> policies,
    ToIntFunction<Throwable> exitCodes) {
  public Services {
    listeners = List.copyOf(listeners);
    policies = List.copyOf(policies);
  }
}
