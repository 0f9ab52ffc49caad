package io.heartbeat4j.worker.shell;

import io.heartbeat4j.worker.ProviderUsage;
import io.heartbeat4j.worker.ProviderUsage.Billing;
import io.heartbeat4j.worker.WorkContext;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The events of {@code claude -p --output-format stream-json --verbose}, as version 2.1.197 sends them. Its costs are
 * worked out by the program itself, also where a subscription covers them.
 */
final class ClaudeEventReader implements CliAgentEventReader {

  /** How versions before {@code rate_limit_event} said that the subscription is used up, and until when. */
  private static final Pattern LIMIT = Pattern.compile("limit reached\\|(\\d{10})");
  private static final Set<String> NO_KEY = Set.of("none", "oauth");

  private final WorkContext context;
  private final ToolCallLines lines;
  private CliAgentSession session = CliAgentSession.NONE;
  private String model = "claude";
  private Billing billing = Billing.UNKNOWN;
  private Optional<Instant> usedUpUntil = Optional.empty();
  private Optional<FinalMessage> end = Optional.empty();

  ClaudeEventReader(WorkContext context) {
    this.context = context;
    this.lines = new ToolCallLines(context.run());
  }

  @Override
  public void accept(CliAgentEvent event) {
    if (!event.text("session_id").isEmpty()) {
      session = new CliAgentSession(event.text("session_id"));
    }
    switch (event.type()) {
      case "system" -> system(event);
      case "rate_limit_event" -> usedUpUntil = event.text("rate_limit_info", "status").equals("rejected")
          ? epochSecond(event.count("rate_limit_info", "resetsAt"))
          : Optional.empty();
      case "assistant" -> event.objects("message", "content").forEach(this::show);
      case "user" -> event.objects("message", "content").forEach(this::showResult);
      case "result" -> {
        end = Optional.of(end(event));
        reportTotals(event);
      }
      default -> {
      }
    }
  }

  private void system(CliAgentEvent event) {
    if (event.text("subtype").equals("api_retry")) {
      context.run().reportProgress("the provider refused (" + event.text("error") + "); claude asks again, "
          + event.count("attempt") + " of " + event.count("max_retries"));
    } else if (event.text("subtype").equals("init")) {
      model = event.text("model").isEmpty() ? model : event.text("model");
      String key = event.text("apiKeySource");
      billing = key.isEmpty() ? Billing.UNKNOWN : NO_KEY.contains(key) ? Billing.SUBSCRIPTION : Billing.METERED;
    }
  }

  private FinalMessage end(CliAgentEvent event) {
    String text = event.text("result").isEmpty() ? String.join("; ", event.texts("errors")) : event.text("result");
    if (text.isEmpty()) {
      text = event.text("subtype");
    }
    if (!event.flag("is_error") && event.text("subtype").equals("success")) {
      return FinalMessage.ended(text);
    }
    Matcher limit = LIMIT.matcher(text);
    return new FinalMessage(true, text, limit.find() ? epochSecond(Long.parseLong(limit.group(1))) : usedUpUntil);
  }

  private static Optional<Instant> epochSecond(long second) {
    return second > 0 ? Optional.of(Instant.ofEpochSecond(second)) : Optional.empty();
  }

  private void show(CliAgentEvent piece) {
    if (piece.type().equals("text")) {
      lines.text(piece.text("text"));
    } else if (piece.type().equals("tool_use")) {
      CliAgentEvent input = piece.object("input");
      if (input.text("command").isEmpty()) {
        lines.call(piece.text("name"), input.text("file_path") + input.text("pattern") + input.text("url"));
      } else {
        lines.command(input.text("command"));
      }
    }
  }

  private void showResult(CliAgentEvent piece) {
    if (piece.type().equals("tool_result")) {
      List<String> parts = piece.objects("content").stream().map(part -> part.text("text")).toList();
      String text = parts.isEmpty() ? piece.text("content") : String.join("\n", parts);
      if (piece.flag("is_error")) {
        lines.failed(text);
      } else {
        lines.result(text);
      }
    }
  }

  private void reportTotals(CliAgentEvent event) {
    CliAgentEvent models = event.object("modelUsage");
    models.fields().forEach((name, used) -> {
      CliAgentEvent each = models.object(String.valueOf(name));
      reportUsage(String.valueOf(name), each.count("inputTokens"), each.count("cacheReadInputTokens"),
          each.count("cacheCreationInputTokens"), each.count("outputTokens"), each.money("costUSD"));
    });
    if (models.fields().isEmpty()) {
      CliAgentEvent usage = event.object("usage");
      reportUsage(model, usage.count("input_tokens"), usage.count("cache_read_input_tokens"),
          usage.count("cache_creation_input_tokens"), usage.count("output_tokens"), event.money("total_cost_usd"));
    }
  }

  private void reportUsage(String name, long input, long cached, long written, long output, BigDecimal usd) {
    if (input + cached + written + output > 0 || usd.signum() > 0) {
      context.usage()
          .report(new ProviderUsage("anthropic", name, input + cached + written, cached, output, usd, billing));
    }
  }

  @Override
  public CliAgentSession session() {
    return session;
  }

  @Override
  public Optional<FinalMessage> finalMessage() {
    return end;
  }
}
