package io.heartbeat4j.cli.dev;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/** What happens in a session, for its pages. A page that opens late gets the latest events first. Thread-safe. */
final class EventFeed {

  private static final int MAX_EVENTS = 1_500;
  private static final int MAX_CHARACTERS = 4_000_000;

  private final Deque<SizedEvent> latest = new ArrayDeque<>();
  private final List<Consumer<JsonObject>> subscribers = new ArrayList<>();
  private int characters;
  private long published;

  private record SizedEvent(JsonObject event, int characters) {}

  /** Numbers the event and passes it on. */
  synchronized void publish(JsonObject event) {
    event.put("number", ++published);
    SizedEvent sized = new SizedEvent(event, event.encode().length());
    latest.addLast(sized);
    characters += sized.characters;
    while (latest.size() > MAX_EVENTS || characters > MAX_CHARACTERS) {
      characters -= latest.removeFirst().characters;
    }
    subscribers.forEach(subscriber -> subscriber.accept(event));
  }

  /**
   * Passes one event of the type {@code state} with the latest events, then each new one.
   *
   * @param subscriber must not block or publish
   * @return what ends it
   */
  synchronized Runnable subscribe(Consumer<JsonObject> subscriber) {
    subscriber.accept(new JsonObject().put("type", "state")
        .put("events", new JsonArray(latest.stream().map(SizedEvent::event).toList())));
    subscribers.add(subscriber);
    return () -> unsubscribe(subscriber);
  }

  private synchronized void unsubscribe(Consumer<JsonObject> subscriber) {
    subscribers.remove(subscriber);
  }
}
