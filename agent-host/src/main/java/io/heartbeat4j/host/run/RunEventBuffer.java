package io.heartbeat4j.host.run;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Buffer of a run's events between the heartbeat and one reader. Unread events are kept up to a limit: the gateway's
 * adapter connects after the start and reconnects after a break, and must see neither a gap nor a repetition. Confined
 * to the host's event loop.
 */
final class RunEventBuffer {

  static final int MAX_UNREAD = 2_000;

  private final Deque<RunEvent> unread = new ArrayDeque<>();
  private final Set<Consumer<RunEvent>> subscribers = new LinkedHashSet<>();

  void publish(RunEvent event) {
    if (subscribers.isEmpty()) {
      unread.add(event);
      if (unread.size() > MAX_UNREAD) {
        unread.removeFirst();
      }
      return;
    }
    List.copyOf(subscribers).forEach(reader -> reader.accept(event));
  }

  /** Follows the events from the first unread one. The returned action unsubscribes. */
  Runnable subscribe(Consumer<RunEvent> reader) {
    List<RunEvent> missed = new ArrayList<>(unread);
    unread.clear();
    missed.forEach(reader);
    subscribers.add(reader);
    return () -> subscribers.remove(reader);
  }
}
