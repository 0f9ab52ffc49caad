package io.heartbeat4j.heartbeat.event;

import jakarta.inject.Inject;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes each event to every listener; a listener that throws is logged and changes nothing. Thread-safe. */
public final class EventDispatcher implements HeartbeatListener {

  private static final Logger LOG = LoggerFactory.getLogger(EventDispatcher.class);

  private final Set<HeartbeatListener> listeners;

  @Inject
  EventDispatcher(Set<HeartbeatListener> listeners) {
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
