package io.heartbeat4j.worker.acp;

import io.heartbeat4j.worker.Question;
import io.heartbeat4j.worker.ReviewPath;
import io.heartbeat4j.worker.UnblockCondition;
import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.acp.rpc.JsonRpcException;
import io.heartbeat4j.worker.acp.turn.FencedCall;
import io.heartbeat4j.worker.acp.turn.ResultTools;
import io.heartbeat4j.worker.acp.turn.SessionUpdates;
import io.heartbeat4j.worker.acp.turn.TurnEnd;
import io.heartbeat4j.worker.acp.turn.TurnRunner;
import io.heartbeat4j.worker.acp.turn.UsageTracker;
import io.heartbeat4j.worker.agent.TextTruncator;
import io.heartbeat4j.worker.agent.ToolCallException;
import io.heartbeat4j.worker.agent.verify.Verification;
import java.io.IOException;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Runs turns until there is a result. The agent ends the work with a tool; where it just stops it is told so once, and
 * then a person looks. What it says is done is checked, and red checks go back to it. For one thread.
 */
final class ResultLoop {

  private static final int LONGEST_WORDS = 1500;

  private final WorkContext context;
  private final TurnRunner turns;
  private final ResultTools tools;
  private final SessionUpdates updates;
  private final UsageTracker usage;
  private final Verification verification;
  private final boolean trustsAnswers;
  private final BooleanSupplier hasTools;
  private String lastWords = "";

  /**
   * @param trustsAnswers whether the agent may be done without a tool call
   * @param hasTools whether the program has our tools by now; else the result is a block at the end of the last message
   */
  ResultLoop(WorkContext context, TurnRunner turns, ResultTools tools, SessionUpdates updates, UsageTracker usage,
      Verification verification, boolean trustsAnswers, BooleanSupplier hasTools) {
    this.context = context;
    this.turns = turns;
    this.tools = tools;
    this.updates = updates;
    this.usage = usage;
    this.verification = verification;
    this.trustsAnswers = trustsAnswers;
    this.hasTools = hasTools;
  }

  WorkResult run(String opening) throws IOException, InterruptedException, JsonRpcException {
    String words = opening;
    boolean reminded = false;
    while (true) {
      TurnEnd end = turns.run(words);
      lastWords = updates.lastWords().isEmpty() ? lastWords : updates.lastWords();
      switch (end) {
        case TurnEnd.Waiting waiting -> {
          return new WorkResult.NeedsReview(waiting.card().summary(), waiting.card().path(), tools.delegations());
        }
        case TurnEnd.BudgetSpent spent -> {
          return budgetSpent();
        }
        case TurnEnd.Ended ended -> {
          String problem = hasTools.getAsBoolean() ? "" : readBlock();
          Optional<WorkResult> result = tools.result();
          Optional<String> red = result.filter(WorkResult.Done.class::isInstance).isPresent() ? verification.verify()
              : Optional.empty();
          if (red.isPresent()) {
            tools.reopen();
            words = "The project's checks are red: mend it, and finish again.\n\n" + red.get();
          } else if (result.isPresent()) {
            return judged(result.get());
          } else if (reminded || ended.stopReason().equals("refusal")) {
            return withoutResult(ended.stopReason());
          } else {
            reminded = true;
            words = problem
                + AcpProcedures.reminder(hasTools.getAsBoolean(), context.isReadOnly() ? "reply" : "finish");
          }
        }
      }
    }
  }

  /** Takes the result from the last message; returns what is wrong with it, or nothing. */
  private String readBlock() {
    Optional<FencedCall> call = FencedCall.of(lastWords);
    try {
      if (call.isPresent()) {
        tools.call(call.get().tool(), call.get().arguments());
      }
      return "";
    } catch (ToolCallException wrong) {
      return "Your block can't be taken: " + wrong.getMessage() + ".\n\n";
    }
  }

  /** {@code done} takes more than words: without a tool call, or with red checks, a person is asked to look. */
  private WorkResult judged(WorkResult result) {
    if (!(result instanceof WorkResult.Done done) || context.review().isPresent()) {
      return result;
    }
    if (verification.isRed()) {
      return review(done.summary(), "The checks are red. Is the work to be taken as it is?");
    }
    return trustsAnswers || updates.toolCalls() > 0 ? done
        : review(done.summary(), "The agent used no tool. Is its answer all that the issue asks for?");
  }

  private WorkResult withoutResult(String stopReason) {
    if (context.isReadOnly()) {
      return new WorkResult.Nothing();
    }
    return review("**The agent ended without a result** (" + stopReason + ").\n\n" + quotedWords()
        + "\n\nUsed: " + usage.describe() + ".", "Is the work done as it should be?");
  }

  private WorkResult review(String summary, String question) {
    return new WorkResult.NeedsReview(summary, new ReviewPath.Card(new Question.Confirmation(question)),
        tools.delegations());
  }

  private WorkResult budgetSpent() {
    if (context.isReadOnly()) {
      return new WorkResult.Nothing();
    }
    return new WorkResult.Blocked("**Stopped: the agent's budget is spent.**\n\n" + quotedWords() + "\n\nUsed: "
        + usage.describe() + ".",
        new UnblockCondition.ByQuestion(new Question.Confirmation("Go on?",
            "Let " + context.company().self().name() + " go on with \"" + context.issue().title() + "\"?")),
        tools.delegations());
  }

  private String quotedWords() {
    return lastWords.isBlank() ? "It said nothing of what remains."
        : "Its last words, which nobody has checked:\n\n> "
            + TextTruncator.cutMiddle(lastWords, LONGEST_WORDS).replace("\n", "\n> ");
  }

  /** For the message of a failure in mid-turn. */
  String soFar() {
    lastWords = updates.lastWords().isEmpty() ? lastWords : updates.lastWords();
    return "\n\nUntil then " + updates.toolCalls() + " tool call(s) had worked. " + quotedWords() + "\n\nUsed: "
        + usage.describe() + ".";
  }

  String lastWords() {
    return lastWords;
  }
}
