package io.heartbeat4j.host.run;

/** How a wake reached the host. */
public enum WakeChannel {
  /** Paperclip's {@code hermes_gateway} adapter: it follows the run and reads usage and cost from its last event. */
  GATEWAY,
  /** Paperclip's {@code http} adapter: it waits for one answer. */
  HTTP,
  /** {@code heartbeat wake}, started by Paperclip's {@code process} adapter. */
  COMMAND,
  /** Paperclip's heartbeat4j adapter: it follows the run with the run's own token, which is kept nowhere. */
  EXTERNAL_ADAPTER;

  /** Whether who brought the wake waits for as long as it takes, so that it may wait for the next host too. */
  boolean waitsForHost() {
    return this == GATEWAY || this == EXTERNAL_ADAPTER;
  }

  /** Whether the run can be resumed only by who shows its token again. */
  boolean needsToken() {
    return this == EXTERNAL_ADAPTER;
  }

  /** Whether the channel reports usage to the server; else the heartbeat reports cost events. */
  boolean reportsUsage() {
    return waitsForHost();
  }

  /** Whether the events of a run are followed one by one, so that they must be buffered. */
  boolean hasEventReader() {
    return this == GATEWAY || this == COMMAND;
  }
}
