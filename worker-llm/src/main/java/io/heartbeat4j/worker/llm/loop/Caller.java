package io.heartbeat4j.worker.llm.loop;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import io.heartbeat4j.worker.ProviderGate;
import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.llm.provider.CallFailure;
import io.heartbeat4j.worker.llm.provider.Model;
import io.heartbeat4j.worker.llm.provider.ModelSettings;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/**
 * Calls the model with the thread so far: behind the gate of its account, counted, and with a thread that fits. For one
 * thread.
 */
final class Caller {

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
  private final Meter meter;
  private int compactions;

  Caller(
      WorkContext context, ModelSettings settings, Model model, Clock clock, SystemMessage system, Transcript transcript,
      Meter meter) {
    this.context = context;
    this.settings = settings;
    this.model = model;
    this.gate = context.gate(settings.gate());
    this.clock = clock;
    this.system = system;
    this.transcript = transcript;
    this.meter = meter;
  }

  /**
   * The model's next message.
   *
   * @throws CallFailure where there is none, and neither waiting nor a shorter thread helps
   * @throws io.heartbeat4j.worker.GateClosedException where the provider takes no calls for now
   */
  AiMessage call(List<ToolSpecification> tools) throws IOException, InterruptedException {
    if (Compaction.tokens(transcript.messages()) > percent(FULL)) {
      transcript.replace(Compaction.to(percent(SHORTENED), transcript.messages()));
    }
    while (true) {
      gate.acquire();
      try (ProgressLines lines = new ProgressLines(context::progress)) {
        Model.Answer answer = model.call(messages(), tools, lines::add);
        meter.count(answer.tokens());
        return answer.response().aiMessage();
      } catch (CallFailure.Closed closed) {
        gate.closeUntil(clock.instant().plus(closed.pause()), "Waiting for the provider. " + closed.getMessage());
      } catch (CallFailure.TooLong tooLong) {
        if (compactions++ >= MOST_COMPACTIONS) {
          throw tooLong;
        }
        context.progress("the thread is too long for the model, and is shortened");
        transcript.replace(Compaction.to(Compaction.tokens(transcript.messages()) / 2, transcript.messages()));
      }
    }
  }

  private long percent(int part) {
    return settings.contextWindow() * (long) part / 100;
  }

  private List<ChatMessage> messages() {
    List<ChatMessage> messages = new ArrayList<>();
    messages.add(system);
    messages.addAll(transcript.messages());
    return messages;
  }
}
