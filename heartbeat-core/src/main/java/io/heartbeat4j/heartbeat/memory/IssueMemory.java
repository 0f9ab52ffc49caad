package io.heartbeat4j.heartbeat.memory;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import io.heartbeat4j.protocol.WakeReason;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an agent remembers of one issue between heartbeats: its last disposition, how often it was woken without news,
 * the rest after a 409, and the subtasks made. Persisted under the type id {@code issue-memory/1}.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonTypeName("issue-memory/1")
public record IssueMemory(
    @Nullable LastDisposition lastDisposition, @Nullable Repetition lastRepetition, @Nullable ConflictRest lastRest,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable SubtaskCount subtaskCount) {

  public static final IssueMemory NONE = new IssueMemory(null, null, null, null);

  /** Wakes for the same reason, one after another, with nothing new from others. */
  public record Repetition(WakeReason reason, int times, Instant last) {}

  /** After a 409: the issue is left alone, unless a wake for another reason names it. */
  public record ConflictRest(Instant until, @Nullable WakeReason reason) {}

  public Optional<LastDisposition> disposition() {
    return Optional.ofNullable(lastDisposition);
  }

  public Optional<Repetition> repetition() {
    return Optional.ofNullable(lastRepetition);
  }

  public Optional<ConflictRest> rest() {
    return Optional.ofNullable(lastRest);
  }

  public SubtaskCount subtasks() {
    return subtaskCount == null ? SubtaskCount.NONE : subtaskCount;
  }

  /** The agent has left the issue so; it no longer rests. */
  public IssueMemory with(LastDisposition disposition) {
    return new IssueMemory(disposition, lastRepetition, null, subtaskCount);
  }

  public IssueMemory with(@Nullable Repetition repetition) {
    return new IssueMemory(lastDisposition, repetition, lastRest, subtaskCount);
  }

  public IssueMemory with(ConflictRest rest) {
    return new IssueMemory(lastDisposition, lastRepetition, rest, subtaskCount);
  }

  public IssueMemory with(SubtaskCount count) {
    return new IssueMemory(lastDisposition, lastRepetition, lastRest, count);
  }
}
