package io.heartbeat4j.worker.llm.tool.paperclip;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.heartbeat4j.worker.Question;
import io.heartbeat4j.worker.ReviewPath;
import io.heartbeat4j.worker.Unblock;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.llm.tool.Answer;
import io.heartbeat4j.worker.llm.tool.Arguments;
import io.heartbeat4j.worker.llm.tool.Deeds;
import io.heartbeat4j.worker.llm.tool.Schema;
import io.heartbeat4j.worker.llm.tool.Tool;
import io.heartbeat4j.worker.llm.tool.ToolFailure;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** Ends the work with one result. {@code done} takes more than words: without any deed a person is asked to look. */
public final class FinishTool implements Tool {

  private static final String WORK = "Ends your work on the issue for now. Always the last call. In this order: done where the"
      + " issue is fully done; needs_review where a person should look first; later where only time helps; else blocked.";
  private static final String REVIEW = "Ends your review for now. Always the last call. done approves the work;"
      + " request_changes gives it back to the one who did it, with what has to be changed as the summary; the others leave the"
      + " verdict open.";

  private static final int MOST_MINUTES = 7 * 24 * 60;

  private final Subtasks subtasks;
  private final Deeds deeds;
  private final boolean trustAnswers;
  private final boolean reviewing;
  private final Clock clock;
  private boolean warned;

  public FinishTool(Subtasks subtasks, Deeds deeds, boolean trustAnswers, boolean reviewing, Clock clock) {
    this.subtasks = subtasks;
    this.deeds = deeds;
    this.trustAnswers = trustAnswers;
    this.reviewing = reviewing;
    this.clock = clock;
  }

  @Override
  public ToolSpecification specification() {
    return Schema.of("finish", reviewing ? REVIEW : WORK)
        .oneOf("outcome", "how it ends", outcomes())
        .text("summary", "the comment that people read: what you did, what you found, what is left")
        .optionalText("question", "needs_review: what the person decides, as a yes-or-no question")
        .optionalNumber("minutes", "later: when to come back")
        .optionalOneOf("waiting_for", "blocked: who acts next", List.of("subtasks", "manager", "answer"))
        .optionalText("request", "blocked: what the manager is to do, or the yes-or-no question to be answered")
        .build();
  }

  @Override
  public Effect effect() {
    return Effect.ENDS;
  }

  @Override
  public Answer call(Arguments arguments) throws ToolFailure {
    String summary = arguments.words("summary");
    return switch (arguments.words("outcome")) {
      case "done" -> done(summary);
      case "needs_review" -> ended(review(summary, arguments.optionalText("question").orElse("Is this as it should be?")));
      case "request_changes" -> ended(changes(summary));
      case "later" -> ended(new WorkResult.Later(
          clock.instant().plus(Duration.ofMinutes(arguments.number("minutes", 30, 1, MOST_MINUTES))), summary,
          subtasks.delegations()));
      case "blocked" -> ended(new WorkResult.Blocked(summary, unblock(arguments), subtasks.delegations()));
      default -> throw new ToolFailure("outcome is one of " + String.join(", ", outcomes()));
    };
  }

  /** @throws ToolFailure where the issue is the agent's own work: there is nobody to give it back to */
  private WorkResult changes(String summary) throws ToolFailure {
    if (!reviewing) {
      throw new ToolFailure("request_changes is for a review; outcome is one of " + String.join(", ", outcomes()));
    }
    return new WorkResult.ChangesRequested(summary);
  }

  private List<String> outcomes() {
    return reviewing
        ? List.of("done", "request_changes", "needs_review", "later", "blocked")
        : List.of("done", "needs_review", "later", "blocked");
  }

  private Answer done(String summary) throws ToolFailure {
    if (deeds.isAny() || trustAnswers) {
      return ended(new WorkResult.Done(summary, subtasks.delegations()));
    }
    if (!warned) {
      warned = true;
      throw new ToolFailure("nothing was done yet: no tool has been used on this issue. Do the work first. If your summary"
          + " is all that the issue asks for, call finish again: a person will be asked to accept it");
    }
    return ended(review(summary, "The agent used no tool. Is its answer all that the issue asks for?"));
  }

  private WorkResult review(String summary, String question) {
    return new WorkResult.NeedsReview(
        summary, new ReviewPath.Card(new Question.Confirmation(question)), subtasks.delegations());
  }

  private Unblock unblock(Arguments arguments) throws ToolFailure {
    String waitingFor = arguments.optionalText("waiting_for").orElse(subtasks.delegations().isEmpty() ? "answer" : "subtasks");
    return switch (waitingFor) {
      case "subtasks" -> {
        if (subtasks.delegations().isEmpty()) {
          throw new ToolFailure("there are no subtasks to wait for; create_subtask makes them");
        }
        yield new Unblock.BySubtasks();
      }
      case "manager" -> new Unblock.ByManager(line(arguments.words("request")), arguments.words("request"));
      case "answer" -> new Unblock.ByQuestion(
          new Question.Confirmation(arguments.optionalText("request").orElse("Can the agent go on?")));
      default -> throw new ToolFailure("waiting_for is one of subtasks, manager, answer");
    };
  }

  private static String line(String request) {
    String first = request.lines().findFirst().orElse(request).strip();
    return first.length() > 120 ? first.substring(0, 120) + "..." : first;
  }

  private static Answer ended(WorkResult result) {
    return new Answer.Ended(result);
  }
}
