package io.heartbeat4j.worker.acp.turn;

import io.heartbeat4j.worker.Delegation;
import io.heartbeat4j.worker.Question;
import io.heartbeat4j.worker.ReviewPath;
import io.heartbeat4j.worker.UnblockCondition;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.agent.TextTruncator;
import io.heartbeat4j.worker.agent.ToolCallException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Reads the result of the work from the arguments of the tool that ends it.
 *
 * @param reviewing whether the work is a review of somebody else's
 */
record ResultReader(boolean reviewing, Clock clock) {

  private static final int MOST_OPTIONS = 8;
  private static final int MOST_MINUTES = 7 * 24 * 60;
  private static final int LONGEST_TITLE = 120;

  WorkResult finished(ToolCallArguments given, List<Delegation> delegations) throws ToolCallException {
    String summary = given.text("summary");
    String status = given.text("status");
    return switch (status) {
      case "done" -> new WorkResult.Done(summary, delegations);
      case "needs_review" -> new WorkResult.NeedsReview(summary, new ReviewPath.Card(new Question.Confirmation(
          given.optionalText("question").orElse("Is this as it should be?"))), delegations);
      case "later" -> new WorkResult.Later(clock.instant().plus(
          Duration.ofMinutes(given.number("minutes", 30, 1, MOST_MINUTES))), summary, delegations);
      case "request_changes" -> {
        if (!reviewing) {
          throw new ToolCallException("request_changes is for a review");
        }
        yield new WorkResult.ChangesRequested(summary);
      }
      default -> throw new ToolCallException("status is not '" + status + "': it is done, needs_review or later");
    };
  }

  WorkResult blocked(ToolCallArguments given, List<Delegation> delegations) throws ToolCallException {
    String reason = given.text("reason");
    String who = given.text("who");
    Optional<String> request = given.optionalText("request");
    UnblockCondition unblock = switch (who) {
      case "manager" -> new UnblockCondition.ByManager(
          TextTruncator.cutEnd(request.orElse(reason).lines().findFirst().orElse(reason), LONGEST_TITLE),
          request.orElse(reason));
      case "answer" -> new UnblockCondition.ByQuestion(
          new Question.Confirmation(request.orElse("Can the agent go on?")));
      case "subtasks" -> {
        if (delegations.isEmpty()) {
          throw new ToolCallException("there are no subtasks to wait for; delegate makes them");
        }
        yield new UnblockCondition.BySubtasks();
      }
      default -> throw new ToolCallException("who is not '" + who + "': it is manager, answer or subtasks");
    };
    return new WorkResult.Blocked(reason, unblock, delegations);
  }

  WorkResult question(ToolCallArguments given, List<Delegation> delegations) throws ToolCallException {
    String question = given.text("question");
    String summary = given.text("summary");
    List<String> options = given.texts("options");
    if (options.size() == 1 || options.size() > MOST_OPTIONS) {
      throw new ToolCallException("a question has 2 to " + MOST_OPTIONS + " options, or none for yes or no");
    }
    if (options.isEmpty()) {
      return new WorkResult.NeedsReview(summary, new ReviewPath.Card(new Question.Confirmation(question)), delegations);
    }
    List<Question.Option> choices = IntStream.range(0, options.size())
        .mapToObj(i -> new Question.Option("option-" + (i + 1), options.get(i))).toList();
    return new WorkResult.Blocked(summary, new UnblockCondition.ByQuestion(new Question.Choices(Optional.empty(),
        List.of(new Question.Choice("answer", question, false, choices)))), delegations);
  }
}
