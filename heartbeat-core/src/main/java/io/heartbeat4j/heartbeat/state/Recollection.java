package io.heartbeat4j.heartbeat.state;

/**
 * What was read of an issue's memory.
 *
 * @param length of its file in bytes
 * @param torn whether a crash has left its last line without an end
 */
public record Recollection(IssueMemory memory, int length, boolean torn) {

  static final Recollection NONE = new Recollection(IssueMemory.NONE, 0, false);
}
