package io.heartbeat4j.heartbeat.steps;

import io.heartbeat4j.worker.WorkResult;
import org.jspecify.annotations.Nullable;

/**
 * Which results fit the work: one on a held issue leaves it in a state, one on a mention only answers.
 *
 * @param readOnly whether the issue is not held
 * @param review whether a review is asked of this agent
 */
record WorkResultValidator(boolean readOnly, boolean review) {

  /** Whether the result may be used. A worker in another language of nulls may return none. */
  boolean accepts(@Nullable WorkResult result) {
    return switch (result) {
      case null -> false;
      case WorkResult.Reply reply -> readOnly;
      case WorkResult.Nothing nothing -> readOnly;
      case WorkResult.Done done -> !readOnly;
      case WorkResult.ChangesRequested changes -> review;
      case WorkResult.NeedsReview asked -> !readOnly;
      case WorkResult.Blocked blocked -> !readOnly;
      case WorkResult.Later later -> !readOnly;
    };
  }

  /** What is wrong with a result that does not fit. */
  String describeViolation(@Nullable WorkResult result) {
    if (result == null) {
      return "the worker returned nothing";
    }
    String name = result.getClass().getSimpleName();
    if (result instanceof WorkResult.ChangesRequested) {
      return "ChangesRequested is for a review, and nobody has asked this agent for one";
    }
    return readOnly
        ? "a mention can be answered with Reply or Nothing only, not with " + name
        : name + " is for a mention on somebody else's issue; a held issue needs Done, NeedsReview, Blocked or Later";
  }
}
