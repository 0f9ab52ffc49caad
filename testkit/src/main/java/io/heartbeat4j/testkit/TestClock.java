package io.heartbeat4j.testkit;

import io.heartbeat4j.embedded.EmbeddedPaperclip;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

/**
 * The clock of the server and of the heartbeats: the machine's, which a test moves forward. A worker that asks a clock
 * can be given this one.
 */
public final class TestClock extends Clock {

  private final EmbeddedPaperclip server;
  private final Clock time;

  TestClock(EmbeddedPaperclip server) {
    this(server, server.clock());
  }

  private TestClock(EmbeddedPaperclip server, Clock time) {
    this.server = server;
    this.time = time;
  }

  /** Moves the time forward. What the server has to do until then, such as waking an agent, it does at once. */
  public void advance(Duration by) {
    TestCompany.await(server.advanceTime(by));
  }

  @Override
  public Instant instant() {
    return time.instant();
  }

  @Override
  public ZoneId getZone() {
    return time.getZone();
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return new TestClock(server, time.withZone(zone));
  }
}
