package io.heartbeat4j.worker.shell;

/** What a command prints. */
enum OutputFormat {
  /** Words for people. */
  TEXT,
  /** The events of {@code claude -p --output-format stream-json --verbose}. */
  CLAUDE,
  /** The events of {@code codex exec --json}. */
  CODEX
}
