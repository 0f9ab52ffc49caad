package io.heartbeat4j.heartbeat.outcome;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.heartbeat4j.protocol.ApprovalId;
import io.heartbeat4j.protocol.Colleague;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.IssueStatus;
import io.heartbeat4j.protocol.UserId;
import io.heartbeat4j.worker.Question;
import io.heartbeat4j.worker.ReviewPath.WhenApproved;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state in which a checked-out issue is left, with a comment and with a person, agent, card or time that is
 * responsible for the next step (contract section 12). It can't express cancelled, nor in progress without a next step.
 * On an issue with stages of review, {@code steps/ReviewRole} says what becomes of each.
 */
public sealed interface Disposition {

  /** What was done, or what is blocked, why, and who needs to act. */
  String comment();

  /** The same disposition with another comment. */
  Disposition withComment(String words);

  /** Finished. */
  record Close(String comment) implements Disposition {
    @Override
    public Disposition withComment(String words) {
      return new Close(words);
    }
  }

  /** A reviewer rejects the work: the issue goes back to its executor. The server ends the own run with that write. */
  record RequestChanges(String comment) implements Disposition {
    @Override
    public Disposition withComment(String words) {
      return new RequestChanges(words);
    }
  }

  /** In review until a card is answered. */
  record ReviewByCard(String comment, Question question) implements Disposition {
    @Override
    public Disposition withComment(String words) {
      return new ReviewByCard(words, question);
    }
  }

  /** In review until the board decides a new approval. */
  record ReviewByBoard(String comment, String title, String summary, WhenApproved then) implements Disposition {
    @Override
    public Disposition withComment(String words) {
      return new ReviewByBoard(words, title, summary, then);
    }
  }

  /** In review until the board decides an approval that exists. */
  record ReviewByApproval(String comment, ApprovalId approval, WhenApproved then) implements Disposition {
    @Override
    public Disposition withComment(String words) {
      return new ReviewByApproval(words, approval, then);
    }
  }

  /** In review until a time. */
  record ReviewAt(String comment, Instant at) implements Disposition {
    @Override
    public Disposition withComment(String words) {
      return new ReviewAt(words, at);
    }
  }

  /** Assigned to a person. The server ends the own run with that write, so it is the last. */
  record HandOver(String comment, UserId person) implements Disposition {
    @Override
    public Disposition withComment(String words) {
      return new HandOver(words, person);
    }
  }

  /** Blocked until other issues are done. */
  record BlockedByIssues(String comment, List<IssueId> issues) implements Disposition {
    public BlockedByIssues {
      issues = List.copyOf(issues);
    }

    @Override
    public Disposition withComment(String words) {
      return new BlockedByIssues(words, issues);
    }
  }

  /** Blocked until the manager has done a task that is made for it. */
  record BlockedByManager(String comment, Colleague manager, String title, String request) implements Disposition {
    @Override
    public Disposition withComment(String words) {
      return new BlockedByManager(words, manager, title, request);
    }
  }

  /**
   * Blocked until a card is answered.
   *
   * @param topic names the cards of one kind on one issue: a pending one is used again instead of asking twice
   * @param details Markdown below the card's question; null for none
   */
  record BlockedByCard(
      String comment, Question question, String topic,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String details) implements Disposition {

    public BlockedByCard(String comment, Question question, String topic) {
      this(comment, question, topic, null);
    }

    /** The start of topics of cards that ask whether to go on at all: after a no the worker is not called. */
    public static final String CONTINUE_TOPIC = "go-on:";

    /** The topic of the card of an agent over its budget: budget again is as good as an answer. */
    public static final String BUDGET_TOPIC = CONTINUE_TOPIC + "budget";

    /** The start of the topic of the card that asks for more subtasks than the agent makes by itself; a run's id follows. */
    public static final String SUBTASKS_TOPIC = CONTINUE_TOPIC + "subtasks:";

    @Override
    public BlockedByCard withComment(String words) {
      return new BlockedByCard(words, question, topic, details);
    }

    public BlockedByCard withTopic(String other) {
      return new BlockedByCard(comment, question, other, details);
    }
  }

  /** The same state and path as {@code of} without a comment: the thread has the text already. */
  record WithoutComment(Disposition of) implements Disposition {
    @Override
    public String comment() {
      return of.comment();
    }

    @Override
    public Disposition withComment(String words) {
      return new WithoutComment(of.withComment(words));
    }
  }

  /**
   * Restores the status in which the agent had left the issue, without a comment; {@code otherwise} where the server
   * refuses.
   */
  record Restore(IssueStatus status, Disposition otherwise) implements Disposition {
    @Override
    public String comment() {
      return otherwise.comment();
    }

    @Override
    public Disposition withComment(String words) {
      return new Restore(status, otherwise.withComment(words));
    }
  }

  /** Blocked with the agent itself as the one who acts: it is woken at once. */
  record BlockedBySelf(String comment, String action) implements Disposition {
    @Override
    public Disposition withComment(String words) {
      return new BlockedBySelf(words, action);
    }
  }
}
