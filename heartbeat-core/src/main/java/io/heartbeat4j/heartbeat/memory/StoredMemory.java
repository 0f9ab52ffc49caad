package io.heartbeat4j.heartbeat.memory;

/**
 * What was read of an issue's memory.
 *
 * @param length of its file in bytes
 * @param torn whether a crash has left its last line without an end
 */
public record StoredMemory(IssueMemory memory, int length, boolean torn) {

  static final StoredMemory NONE = new StoredMemory(IssueMemory.NONE, 0, false);
}
