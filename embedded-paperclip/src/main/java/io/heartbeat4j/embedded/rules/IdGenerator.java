package io.heartbeat4j.embedded.rules;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** Generates unique ids: lower-case UUIDs of version 4. */
@FunctionalInterface
public interface IdGenerator {

  /** The next id. */
  String next();

  /** Random ids, like those of the server. */
  static IdGenerator random() {
    return () -> UUID.randomUUID().toString();
  }

  /** Ids that count up from one, so that a repeated simulation gets the same ids. */
  static IdGenerator sequential() {
    AtomicLong counter = new AtomicLong();
    return () -> {
      long number = counter.incrementAndGet();
      return "%08x-0000-4000-8000-%012x".formatted(number, number);
    };
  }
}
