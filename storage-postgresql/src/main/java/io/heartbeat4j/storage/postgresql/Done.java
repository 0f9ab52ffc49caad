package io.heartbeat4j.storage.postgresql;

/** The result of an operation without one: {@code null} stands for no result yet. */
enum Done {
  DONE
}
