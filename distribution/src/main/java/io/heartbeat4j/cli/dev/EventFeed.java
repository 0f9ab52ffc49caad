package io.heartbeat4j.cli.dev;

import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/** What happens in a session, for its pages. A page that opens late gets the latest events first. Thread-safe. */
final class EventFeed {

  private static final int MAX_EVENTS = 1_500;

  private final Deque<JsonObject> latest = new ArrayDeque<>();
  private final List<Consumer<JsonObject>> subscribers = new ArrayList<>();
  private long published;

  /** Numbers the event and passes it on. */
  synchronized void publish(JsonObject event) {
    event.put("number", ++published);
    if (latest.size() == MAX_EVENTS) {
      latest.removeFirst();
    }
    latest.addLast(event);
    subscribers.forEach(subscriber -> subscriber.accept(event));
  }

  /**
   * Passes the latest events, then each new one.
   *
   * @param subscriber must not block or publish
   * @return what ends it
   */
  synchronized Runnable subscribe(Consumer<JsonObject> subscriber) {
    latest.forEach(subscriber);
    subscribers.add(subscriber);
    return () -> unsubscribe(subscriber);
  }

  private synchronized void unsubscribe(Consumer<JsonObject> subscriber) {
    subscribers.remove(subscriber);
  }
}
