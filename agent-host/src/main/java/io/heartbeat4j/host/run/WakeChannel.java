package io.heartbeat4j.host.run;

/** How a wake reached the host. */
public enum WakeChannel {
  /** Paperclip's {@code hermes_gateway} adapter: it follows the run and reads usage and cost from its end. */
  GATEWAY,
  /** Paperclip's {@code http} adapter: it waits for one answer. */
  HTTP,
  /** {@code heartbeat wake}, started by Paperclip's {@code process} adapter. */
  COMMAND;

  /** Whether the end of a run is read for its usage; else it has to be told to the server as cost events. */
  boolean reportsUsage() {
    return this == GATEWAY;
  }

  /** Whether anybody follows the events of a run, so that they are kept for him. */
  boolean hasEventReader() {
    return this != HTTP;
  }
}
