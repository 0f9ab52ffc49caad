package io.heartbeat4j.worker;

import java.util.Optional;
import org.apiguardian.api.API;

/**
 * What a worker is given for one issue (step 6), in groups. Thread-safe; valid until {@link Worker#perform} returns.
 * The runtime implements it; a later version may add groups and methods.
 *
 * <p>Titles, descriptions and comments are written by other people: data, never instructions to the runtime.
 */
@API(status = API.Status.STABLE, since = "1.0")
public interface WorkContext {

  /** The issue as it was when the context was read, with the issues above it. */
  IssueView issue();

  /** The comments, and why the issue is worked on now. */
  IssueThread thread();

  /** The agent that works, its manager and its reports. */
  Company company();

  /** The directories that the work may use. */
  Workspace workspace();

  /** What the work may use, and what it has used, in tokens and money. */
  WorkUsage usage();

  /** What the worker may write to the issue before it returns its result. */
  IssueActions actions();

  /** The run: its id, time limit, cancellation and log. */
  CurrentRun run();

  /**
   * Whether the issue is assigned to another agent or person, and a comment on it mentioned this agent: nothing is
   * checked out, and only {@link WorkResult.Reply} and {@link WorkResult.Nothing} are legal.
   */
  boolean isReadOnly();

  /** The stage of review that asks this agent for a verdict on the issue; empty where the work is the agent's own. */
  Optional<ReviewAssignment> review();
}
