package io.heartbeat4j.host.run;

/** How a wake reached the host. */
public enum WakeChannel {
  /** Paperclip's {@code hermes_gateway} adapter: it follows the run and reads usage and cost from its last event. */
  GATEWAY,
  /** Paperclip's {@code http} adapter: it waits for one answer. */
  HTTP,
  /** {@code heartbeat wake}, started by Paperclip's {@code process} adapter. */
  COMMAND;

  /** Whether the channel reports usage to the server; else the heartbeat reports cost events. */
  boolean reportsUsage() {
    return this == GATEWAY;
  }

  /** Whether the events of a run are followed, so that they must be buffered. */
  boolean hasEventReader() {
    return this != HTTP;
  }
}
