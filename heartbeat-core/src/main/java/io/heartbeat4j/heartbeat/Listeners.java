package io.heartbeat4j.heartbeat;

import jakarta.inject.Inject;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells every listener; one that throws is logged and changes nothing. */
final class Listeners implements HeartbeatListener {

  private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

  private final Set<HeartbeatListener> listeners;

  @Inject
  Listeners(Set<HeartbeatListener> listeners) {
    this.listeners = Set.copyOf(listeners);
  }

  @Override
  public void on(HeartbeatEvent event) {
    for (HeartbeatListener listener : listeners) {
      try {
        listener.on(event);
      } catch (RuntimeException broken) {
        LOG.warn("a heartbeat listener failed: {}", listener, broken);
      }
    }
  }
}
