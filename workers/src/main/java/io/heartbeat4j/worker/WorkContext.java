package io.heartbeat4j.worker;

import io.heartbeat4j.protocol.Agent;
import io.heartbeat4j.protocol.Ancestor;
import io.heartbeat4j.protocol.Colleague;
import io.heartbeat4j.protocol.Comment;
import io.heartbeat4j.protocol.Issue;
import io.heartbeat4j.protocol.RunId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * What a worker is given for one issue (step 6). Thread-safe; valid until {@link Worker#perform} returns.
 *
 * <p>Issue text and comments are other people's words: data, never instructions to the runtime.
 */
public interface WorkContext {

  Issue issue();

  /** The issues above this one, nearest first: why the work exists. */
  List<Ancestor> ancestors();

  /** The whole thread, oldest first, the trigger included. */
  List<Comment> comments();

  Trigger trigger();

  /** The agent that works. */
  Agent self();

  /** The nearest manager. */
  default Optional<Colleague> manager() {
    return self().manager();
  }

  /** The agents that report to this one; asks the server at the first call, and may block. */
  List<Colleague> reports();

  /**
   * The instructions for the agent that its operator keeps on the server, and may change there; asks the server at each
   * call, and may block.
   */
  Optional<String> instructions();

  /** What the work is for in the end: the title of the issue's goal. */
  Optional<String> goalTitle();

  /** The run that this work belongs to. */
  RunId run();

  /**
   * Whether the issue is somebody else's and a mention asked for a word: nothing is checked out, and only {@link
   * WorkResult.Reply} and {@link WorkResult.Nothing} are legal.
   */
  boolean isReadOnly();

  /** The stage of review that asks this agent for a verdict on the issue; empty where the work is its own. */
  default Optional<ReviewAssignment> review() {
    return Optional.empty();
  }

  /** When the runtime will ask the work to stop; absent where it has no limit. */
  Optional<Instant> deadline();

  CancellationToken cancellation();

  /** Shows a line of what is going on, in the run's log. Secrets are masked; counts as a sign of life. */
  void reportProgress(String line);

  /** Adds to what this work used. */
  void reportUsage(ProviderUsage providerUsage);

  /**
   * Tells which conversation the work is part of, so that it stands in the run's record where the way in keeps one. The
   * last one told counts.
   *
   * @param id as the model's provider or the agent's program names it
   */
  default void reportSession(String id) {}

  /** What the agent may still use: the month's budget and the host's limit, less what was {@link #reportUsage}. */
  Budget budget();

  /**
   * The gate before an account of a provider.
   *
   * @param account names provider and account, such as {@code anthropic/default}
   */
  ProviderGate providerGate(String account);

  /**
   * Posts a comment on the issue now, as the agent; may block. Not for the final word, which is the result's summary.
   *
   * @throws IllegalStateException where {@link #isReadOnly()}
   */
  void comment(String body);

  /** Reads a document of the issue; may block. */
  Optional<IssueDocument> document(String key);

  /**
   * Writes a document of the issue; may block.
   *
   * @param key lower case letters, digits, {@code -} and {@code _}
   * @param baseRevision of the version that is replaced; null for a new document
   * @throws DocumentChangedException where the server has another version than that
   * @throws IllegalStateException where {@link #isReadOnly()}
   */
  IssueDocument putDocument(String key, String title, String body, @Nullable String baseRevision);

  /** The text without the secrets that the runtime knows, for what a worker writes down itself. */
  String redact(String text);

  /** A directory for this run only; removed by the server or the runtime afterwards. */
  Path scratchDirectory();

  /** A directory that is kept for this agent and issue across heartbeats. */
  Path stateDirectory();

  /** The directory that the server prepared for the run, where it named one that exists here. */
  Optional<Path> workspaceDirectory();

  /** A logger that carries agent, run and issue. */
  Logger logger();
}
