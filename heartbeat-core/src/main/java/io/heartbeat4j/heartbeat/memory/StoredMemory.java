package io.heartbeat4j.heartbeat.memory;

/**
 * An issue's memory as it was read from its file.
 *
 * @param length of its file in bytes
 * @param torn whether a crash has left its last line without an end
 */
public record StoredMemory(IssueMemory memory, int length, boolean torn) {

  static final StoredMemory NONE = new StoredMemory(IssueMemory.NONE, 0, false);
}
