package io.heartbeat4j.host.run;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The events of a run, for whoever reads along. What nobody has read yet is kept for the next reader, up to a limit: the
 * gateway's adapter connects after the start, and again after a break, and wants neither a gap nor a repetition. Confined
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

  /** Reads along from the first event that nobody has read. The returned action stops that. */
  Runnable subscribe(Consumer<RunEvent> reader) {
    List<RunEvent> missed = new ArrayList<>(unread);
    unread.clear();
    missed.forEach(reader);
    subscribers.add(reader);
    return () -> subscribers.remove(reader);
  }
}
