package io.heartbeat4j.heartbeat.journal;

import io.heartbeat4j.client.Loop;
import io.heartbeat4j.heartbeat.state.Storage;
import io.vertx.core.Future;
import java.io.IOException;

/** An entry in a claimed file of its own. One call at a time. */
final class OnFile implements Paper {

  private static final byte[] NEW_LINE = {'\n'};

  private final Storage.Log log;
  private final JournalJson json;
  private final Loop loop;
  private boolean torn;

  /** @param torn whether what is there ends in half a line */
  OnFile(Storage.Log log, JournalJson json, Loop loop, boolean torn) {
    this.log = log;
    this.json = json;
    this.loop = loop;
    this.torn = torn;
  }

  @Override
  public Future<Void> add(Line line, boolean flush) {
    return access(() -> {
      if (torn) {
        log.append(NEW_LINE, false);
      }
      torn = true; // until the whole line is there
      log.append(json.write(line), flush);
      torn = false;
    });
  }

  @Override
  public Future<Void> clear() {
    return access(() -> {
      try {
        log.delete();
      } finally {
        log.close();
      }
    });
  }

  @Override
  public Future<Void> close() {
    return access(log::close);
  }

  private interface Access {
    void run() throws IOException;
  }

  private Future<Void> access(Access access) {
    return loop.blocking(() -> {
      access.run();
      return this;
    }).mapEmpty();
  }
}
