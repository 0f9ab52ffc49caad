package io.heartbeat4j.worker.llm.loop;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.llm.provider.ModelCallException;
import io.heartbeat4j.worker.llm.provider.ModelSettings;
import io.heartbeat4j.worker.llm.provider.RetryingModel;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Calls the model with the thread so far: behind the gate of its account, counted, and with a thread that fits. A thread
 * that the provider refuses is replaced once by a new one with a summary. For one thread.
 */
final class ModelCaller {

  private static final int MOST_COMPACTIONS = 4;
  /** How full the model's window may be before a call, and what is left after shortening, in percent. */
  private static final int FULL = 70;
  private static final int SHORTENED = 40;

  private final WorkContext context;
  private final ModelSelection selection;
  private final Clock clock;
  private final SystemMessage system;
  private final Transcript transcript;
  private final UsageMeter usageMeter;
  private final Function<String, ChatMessage> opening;
  private int compactions;
  private boolean restarted;

  /** @param opening the first message of a new thread, from what an earlier one came to */
  ModelCaller(
      WorkContext context, ModelSelection selection, Clock clock, SystemMessage system,
      Transcript transcript, UsageMeter usageMeter, Function<String, ChatMessage> opening) {
    this.context = context;
    this.selection = selection;
    this.clock = clock;
    this.system = system;
    this.transcript = transcript;
    this.usageMeter = usageMeter;
    this.opening = opening;
  }

  /**
   * The model's next message.
   *
   * @throws ModelCallException where there is none, and neither waiting nor a shorter thread helps
   * @throws io.heartbeat4j.worker.ProviderUnavailableException where the provider takes no calls for now
   */
  RetryingModel.Response call(List<ToolSpecification> tools) throws IOException, InterruptedException {
    while (true) {
      RetryingModel model = selection.current();
      shortenFor(model.settings());
      try (ProgressLineWriter lines = new ProgressLineWriter(context.run()::reportProgress)) {
        RetryingModel.Response answer = model.call(messages(), tools, lines::add);
        usageMeter.add(model.settings(), answer.tokens());
        if (!answer.refused() || !selection.moveOn(model.settings().name() + " refuses to answer")) {
          return answer;
        }
      } catch (ModelCallException failed) {
        recover(model, failed);
      }
    }
  }

  /** Does what makes another call worth while, or throws the failure. */
  private void recover(RetryingModel model, ModelCallException failed) throws IOException {
    switch (failed) {
      case ModelCallException.RateLimited rateLimited -> selection.gate(model).closeUntil(
          clock.instant().plus(rateLimited.retryAfter()), "Waiting for the provider. " + rateLimited.getMessage());
      case ModelCallException.ContextLengthExceeded tooLong -> {
        if (selection.hasLarger()) {
          moveOnOrThrow(tooLong);
        } else if (compactions++ >= MOST_COMPACTIONS) {
          throw tooLong;
        } else {
          context.run().reportProgress("the thread is too long for the model, and is shortened");
          transcript.replace(TranscriptCompactor.compact(TranscriptCompactor.estimateTokens(transcript.messages()) / 2,
              transcript.messages()));
        }
      }
      case ModelCallException.RequestRejected rejected -> {
        if (restarted || !rejected.isInvalid()
            || transcript.messages().stream().noneMatch(AiMessage.class::isInstance)) {
          moveOnOrThrow(rejected);
        } else {
          restarted = true;
          context.run().reportProgress("the provider refuses the thread, and a new one is begun with a summary of it; "
              + "the old one is transcript.broken.jsonl (" + rejected.getMessage() + ")");
          transcript.restart(opening.apply(ThreadSummary.of(transcript.messages())));
        }
      }
      case ModelCallException.KeyRefused refused -> moveOnOrThrow(refused);
      case ModelCallException.TransientFailure broken -> moveOnOrThrow(broken);
    }
  }

  private void moveOnOrThrow(ModelCallException failed) {
    if (!selection.moveOn(String.valueOf(failed.getMessage()))) {
      throw failed;
    }
  }

  private void shortenFor(ModelSettings settings) throws IOException {
    if (TranscriptCompactor.estimateTokens(transcript.messages()) > percent(settings, FULL)) {
      transcript.replace(TranscriptCompactor.compact(percent(settings, SHORTENED), transcript.messages()));
    }
  }

  /** How many tokens an answer may have. */
  int mostTokens() {
    return selection.settings().maxTokens();
  }

  private static long percent(ModelSettings settings, int part) {
    return settings.contextWindow() * (long) part / 100;
  }

  private List<ChatMessage> messages() {
    List<ChatMessage> messages = new ArrayList<>();
    messages.add(system);
    messages.addAll(transcript.messages());
    return messages;
  }
}
