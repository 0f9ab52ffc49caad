package io.heartbeat4j.worker.llm.loop;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import io.heartbeat4j.worker.ProviderGate;
import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.llm.provider.CallFailure;
import io.heartbeat4j.worker.llm.provider.Model;
import io.heartbeat4j.worker.llm.provider.ModelSettings;
import io.heartbeat4j.worker.llm.tool.Answer;
import io.heartbeat4j.worker.llm.tool.Deeds;
import io.heartbeat4j.worker.llm.tool.Repeats;
import io.heartbeat4j.worker.llm.tool.Toolbox;
import io.heartbeat4j.worker.llm.tool.paperclip.Subtasks;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Calls the model and does what it calls for, until there is one result. The model ends it with {@code finish}; at a limit it
 * is given one chance to, and where it just stops it is told so once. After that code decides, and prose counts for nothing.
 */
final class Loop {

  private static final int MOST_COMPACTIONS = 4;
  /** How full the model's window may be before a call, and what is left after shortening, in percent. */
  private static final int FULL = 70;
  private static final int SHORTENED = 40;

  private final WorkContext context;
  private final ModelSettings settings;
  private final Model model;
  private final ProviderGate gate;
  private final Clock clock;
  private final SystemMessage system;
  private final Transcript transcript;
  private final Fence fence;
  private final Toolbox tools;
  private final Meter meter;
  private final Deeds deeds;
  private final Repeats repeats;
  private final Subtasks subtasks;
  private int compactions;
  private boolean nudged;
  private String limit = "";
  private String lastWords = "";

  Loop(
      WorkContext context, ModelSettings settings, Model model, Clock clock, SystemMessage system, Transcript transcript,
      Fence fence, Toolbox tools, Meter meter, Deeds deeds, Repeats repeats, Subtasks subtasks) {
    this.context = context;
    this.settings = settings;
    this.model = model;
    this.gate = context.gate(settings.gate());
    this.clock = clock;
    this.system = system;
    this.transcript = transcript;
    this.fence = fence;
    this.tools = tools;
    this.meter = meter;
    this.deeds = deeds;
    this.repeats = repeats;
    this.subtasks = subtasks;
  }

  WorkResult run() throws IOException, InterruptedException {
    while (true) {
      context.cancellation().check();
      if (limit.isEmpty()) {
        Optional<String> reached = meter.reached();
        if (reached.isEmpty() && repeats.isHopeless()) {
          reached = Optional.of("the model repeats the same call");
        }
        if (reached.isPresent()) {
          limit = reached.get();
          tell("Stop: " + limit + ". Call finish now: say what is done, what remains, and who acts next. Nothing else is done.");
        }
      }
      Optional<WorkResult> result = step();
      if (result.isPresent()) {
        return result.get();
      }
    }
  }

  private Optional<WorkResult> step() throws IOException, InterruptedException {
    AiMessage answer = call();
    transcript.add(answer);
    if (answer.text() != null && !answer.text().isBlank()) {
      lastWords = answer.text();
    }
    if (answer.hasToolExecutionRequests()) {
      Optional<WorkResult> result = doAll(answer.toolExecutionRequests());
      return result.isEmpty() && !limit.isEmpty() ? Optional.of(settle(limit)) : result;
    }
    if (!limit.isEmpty() || nudged) {
      return Optional.of(settle(limit.isEmpty() ? "the model ended without a result" : limit));
    }
    nudged = true;
    tell("That was text without a call, and nobody reads it. Go on with the work by calling a tool, or call finish.");
    return Optional.empty();
  }

  private Optional<WorkResult> doAll(List<ToolExecutionRequest> calls) throws IOException, InterruptedException {
    boolean failed = false;
    WorkResult result = null;
    for (ToolExecutionRequest call : calls) {
      Answer answer = result != null
          ? new Answer.Failed("not done: the heartbeat has ended with an earlier call.")
          : failed && isEnding(call)
              ? new Answer.Failed("not done: an earlier call of this turn failed. Look at that first.")
              : tools.call(call, !limit.isEmpty());
      failed |= answer instanceof Answer.Failed;
      if (answer instanceof Answer.Ended ended) {
        result = ended.result();
      }
      transcript.add(ToolExecutionResultMessage.builder()
          .id(call.id()).toolName(call.name()).text(words(answer)).isError(answer instanceof Answer.Failed).build());
    }
    return Optional.ofNullable(result);
  }

  private boolean isEnding(ToolExecutionRequest call) {
    return call.name().equals("finish") || call.name().equals("ask");
  }

  private String words(Answer answer) {
    return switch (answer) {
      case Answer.Data data -> fence.data(data.source(), data.text());
      case Answer.Told told -> context.redact(told.text());
      case Answer.Failed failed -> context.redact(failed.text());
      case Answer.Ended ended -> ended.text();
    };
  }

  private AiMessage call() throws IOException, InterruptedException {
    shorten(settings.contextWindow() * FULL / 100L, settings.contextWindow() * SHORTENED / 100L);
    gate.acquire();
    try (ProgressLines lines = new ProgressLines(context::progress)) {
      Model.Answer answer = model.call(messages(), tools.specifications(), lines::add);
      meter.count(answer.tokens());
      return answer.response().aiMessage();
    } catch (CallFailure.Closed closed) {
      gate.closeUntil(clock.instant().plus(closed.pause()), "Waiting for the provider. " + closed.getMessage());
      return call();
    } catch (CallFailure.TooLong tooLong) {
      if (compactions++ >= MOST_COMPACTIONS) {
        throw stopped(tooLong);
      }
      context.progress("the thread is too long for the model, and is shortened");
      long now = Compaction.tokens(transcript.messages());
      transcript.replace(Compaction.to(now / 2, transcript.messages()));
      return call();
    } catch (CallFailure failure) {
      throw stopped(failure);
    }
  }

  private void shorten(long full, long target) throws IOException {
    List<ChatMessage> messages = transcript.messages();
    if (Compaction.tokens(messages) > full) {
      transcript.replace(Compaction.to(target, messages));
    }
  }

  private List<ChatMessage> messages() {
    List<ChatMessage> messages = new ArrayList<>();
    messages.add(system);
    messages.addAll(transcript.messages());
    return messages;
  }

  /** The runtime decides what a failure means for the issue; it is told what was done before. */
  private IllegalStateException stopped(CallFailure failure) {
    String done = deeds.isAny() ? "\n\nDone so far:\n" + deeds.words() + "\n\nUsed: " + meter.words() + "." : "";
    return new IllegalStateException(failure.getMessage() + done, failure);
  }

  private void tell(String words) throws IOException {
    transcript.add(UserMessage.from(words));
  }

  private WorkResult settle(String why) {
    return Settlement.of(context, why, deeds, subtasks, meter, lastWords);
  }
}
