package io.heartbeat4j.heartbeat.memory;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import io.heartbeat4j.protocol.WakeReason;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an agent remembers of one issue between heartbeats: its last disposition, how often it was woken without news,
 * and the rest after a 409. Persisted under the type id {@code issue-memory/1}.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonTypeName("issue-memory/1")
public record IssueMemory(
    @Nullable LastDisposition lastDisposition, @Nullable Repetition lastRepetition, @Nullable ConflictRest lastRest) {

  public static final IssueMemory NONE = new IssueMemory(null, null, null);

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

  /** The agent has left the issue so; it no longer rests. */
  public IssueMemory with(LastDisposition disposition) {
    return new IssueMemory(disposition, lastRepetition, null);
  }

  public IssueMemory with(@Nullable Repetition repetition) {
    return new IssueMemory(lastDisposition, repetition, lastRest);
  }

  public IssueMemory with(ConflictRest rest) {
    return new IssueMemory(lastDisposition, lastRepetition, rest);
  }
}
