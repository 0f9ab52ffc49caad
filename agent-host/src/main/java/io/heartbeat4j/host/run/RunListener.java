package io.heartbeat4j.host.run;

import io.heartbeat4j.heartbeat.event.HeartbeatEvent;
import java.util.List;

/** Receives the start, the events and the end of every run, on the host's event loop; must not block or throw. */
public interface RunListener {

  default void accepted(HostedRun run) {}

  default void started(HostedRun run) {}

  /** Called once the run has been told of it. */
  default void stepped(HostedRun run, HeartbeatEvent event) {}

  default void ended(HostedRun run, RunResult result) {}

  /** A listener that calls all of these in order. */
  static RunListener composite(List<RunListener> listeners) {
    List<RunListener> each = List.copyOf(listeners);
    return new RunListener() {
      @Override
      public void accepted(HostedRun run) {
        each.forEach(listener -> listener.accepted(run));
      }

      @Override
      public void started(HostedRun run) {
        each.forEach(listener -> listener.started(run));
      }

      @Override
      public void stepped(HostedRun run, HeartbeatEvent event) {
        each.forEach(listener -> listener.stepped(run, event));
      }

      @Override
      public void ended(HostedRun run, RunResult result) {
        each.forEach(listener -> listener.ended(run, result));
      }
    };
  }
}
