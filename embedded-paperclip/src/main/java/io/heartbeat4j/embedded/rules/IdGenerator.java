package io.heartbeat4j.embedded.rules;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** Where new ids come from: canonical lower-case UUIDs of version 4, never the same twice. */
@FunctionalInterface
public interface IdGenerator {

  /** A new id. */
  String next();

  /** Random ids, as the server makes them. */
  static IdGenerator random() {
    return () -> UUID.randomUUID().toString();
  }

  /** Ids that count up from one: the same run of a simulation gets the same ids. */
  static IdGenerator sequential() {
    AtomicLong counter = new AtomicLong();
    return () -> {
      long number = counter.incrementAndGet();
      return "%08x-0000-4000-8000-%012x".formatted(number, number);
    };
  }
}
