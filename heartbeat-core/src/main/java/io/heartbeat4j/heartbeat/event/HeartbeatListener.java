package io.heartbeat4j.heartbeat.event;

/**
 * Receives the events of every step. Called on the heartbeat's event loop, or for progress on the worker's thread; must
 * not block. An exception is logged and changes nothing.
 */
@FunctionalInterface
public interface HeartbeatListener {
  void on(HeartbeatEvent event);
}
