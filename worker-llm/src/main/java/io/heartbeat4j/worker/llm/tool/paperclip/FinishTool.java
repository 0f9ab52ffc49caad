package io.heartbeat4j.worker.llm.tool.paperclip;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.heartbeat4j.worker.Question;
import io.heartbeat4j.worker.ReviewPath;
import io.heartbeat4j.worker.UnblockCondition;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.llm.tool.Tool;
import io.heartbeat4j.worker.llm.tool.ToolArguments;
import io.heartbeat4j.worker.agent.ToolCallException;
import io.heartbeat4j.worker.llm.tool.ToolCallLog;
import io.heartbeat4j.worker.llm.tool.ToolResult;
import io.heartbeat4j.worker.llm.tool.ToolSpecificationBuilder;
import io.heartbeat4j.worker.agent.verify.Verification;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Ends the work with one result. {@code done} takes more than words: without any deed a person is asked to look, and
 * with red checks the model is sent back to its work.
 */
public final class FinishTool implements Tool {

  private static final String WORK = "Ends your work on the issue for now. Always the last call. In this order: done where the"
      + " issue is fully done; needs_review where a person should look first; later where only time helps; else blocked.";
  private static final String REVIEW = "Ends your review for now. Always the last call. done approves the work;"
      + " request_changes gives it back to the one who did it, with what has to be changed as the summary; the others leave the"
      + " verdict open.";

  private static final int MOST_MINUTES = 7 * 24 * 60;

  private final CreateSubtaskTool createSubtaskTool;
  private final ToolCallLog toolCallLog;
  private final Verification verification;
  private final boolean trustAnswers;
  private final boolean reviewing;
  private final Clock clock;
  private boolean warned;

  public FinishTool(CreateSubtaskTool createSubtaskTool, ToolCallLog toolCallLog, Verification verification,
      boolean trustAnswers, boolean reviewing, Clock clock) {
    this.createSubtaskTool = createSubtaskTool;
    this.toolCallLog = toolCallLog;
    this.verification = verification;
    this.trustAnswers = trustAnswers;
    this.reviewing = reviewing;
    this.clock = clock;
  }

  @Override
  public ToolSpecification specification() {
    return ToolSpecificationBuilder.of("finish", reviewing ? REVIEW : WORK)
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
  public ToolResult call(ToolArguments toolArguments) throws IOException, InterruptedException, ToolCallException {
    String summary = toolArguments.nonBlankText("summary");
    return switch (toolArguments.nonBlankText("outcome")) {
      case "done" -> done(summary);
      case "needs_review" ->
        ended(review(summary, toolArguments.optionalText("question").orElse("Is this as it should be?")));
      case "request_changes" -> ended(requestChanges(summary));
      case "later" -> ended(new WorkResult.Later(
          clock.instant().plus(Duration.ofMinutes(toolArguments.number("minutes", 30, 1, MOST_MINUTES))), summary,
          createSubtaskTool.delegations()));
      case "blocked" -> ended(new WorkResult.Blocked(summary, unblock(toolArguments), createSubtaskTool.delegations()));
      default -> throw new ToolCallException("outcome is one of " + String.join(", ", outcomes()));
    };
  }

  /** @throws ToolCallException where the issue is the agent's own work: there is nobody to give it back to */
  private WorkResult requestChanges(String summary) throws ToolCallException {
    if (!reviewing) {
      throw new ToolCallException(
          "request_changes is for a review; outcome is one of " + String.join(", ", outcomes()));
    }
    return new WorkResult.ChangesRequested(summary);
  }

  private List<String> outcomes() {
    return reviewing
        ? List.of("done", "request_changes", "needs_review", "later", "blocked")
        : List.of("done", "needs_review", "later", "blocked");
  }

  private ToolResult done(String summary) throws IOException, InterruptedException, ToolCallException {
    if (toolCallLog.hasSuccess() || trustAnswers) {
      return verified(summary);
    }
    if (!warned) {
      warned = true;
      throw new ToolCallException(
          "nothing was done yet: no tool has been used on this issue. Do the work first. If your summary"
              + " is all that the issue asks for, call finish again: a person will be asked to accept it");
    }
    return ended(review(summary, "The agent used no tool. Is its answer all that the issue asks for?"));
  }

  private ToolResult verified(String summary) throws IOException, InterruptedException {
    Optional<String> red = verification.verify();
    if (red.isPresent()) {
      return new ToolResult.UntrustedText("checks of your work. They are red: mend it, and finish again", red.get());
    }
    return ended(verification.isRed()
        ? review(summary, "The checks are red. Is the work to be taken as it is?")
        : new WorkResult.Done(summary, createSubtaskTool.delegations()));
  }

  private WorkResult review(String summary, String question) {
    return new WorkResult.NeedsReview(
        summary, new ReviewPath.Card(new Question.Confirmation(question)), createSubtaskTool.delegations());
  }

  private UnblockCondition unblock(ToolArguments toolArguments) throws ToolCallException {
    String waitingFor = toolArguments.optionalText("waiting_for")
        .orElse(createSubtaskTool.delegations().isEmpty() ? "answer" : "subtasks");
    return switch (waitingFor) {
      case "subtasks" -> {
        if (createSubtaskTool.delegations().isEmpty()) {
          throw new ToolCallException("there are no subtasks to wait for; create_subtask makes them");
        }
        yield new UnblockCondition.BySubtasks();
      }
      case "manager" -> new UnblockCondition.ByManager(line(toolArguments.nonBlankText("request")),
          toolArguments.nonBlankText("request"));
      case "answer" -> new UnblockCondition.ByQuestion(
          new Question.Confirmation(toolArguments.optionalText("request").orElse("Can the agent go on?")));
      default -> throw new ToolCallException("waiting_for is one of subtasks, manager, answer");
    };
  }

  private static String line(String request) {
    String first = request.lines().findFirst().orElse(request).strip();
    return first.length() > 120 ? first.substring(0, 120) + "..." : first;
  }

  private static ToolResult ended(WorkResult result) {
    return new ToolResult.WorkEnded(result);
  }
}
