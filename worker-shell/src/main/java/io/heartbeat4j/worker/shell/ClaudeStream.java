package io.heartbeat4j.worker.shell;

import io.heartbeat4j.worker.Usage;
import io.heartbeat4j.worker.WorkContext;
import java.math.BigDecimal;
import java.util.Optional;

/** The events of {@code claude -p --output-format stream-json --verbose}. Its costs are worked out by the program itself. */
final class ClaudeStream implements AgentStream {

  private final WorkContext context;
  private String session = "";
  private String model = "claude";
  private Optional<End> end = Optional.empty();

  ClaudeStream(WorkContext context) {
    this.context = context;
  }

  @Override
  public void on(JsonEvent event) {
    if (!event.text("session_id").isEmpty()) {
      session = event.text("session_id");
    }
    switch (event.type()) {
      case "system" -> model = event.text("model").isEmpty() ? model : event.text("model");
      case "assistant" -> event.objects("message", "content").forEach(this::show);
      case "result" -> {
        end = Optional.of(new End(
            event.flag("is_error") || !event.text("subtype").equals("success"),
            event.text("result").isEmpty() ? event.text("subtype") : event.text("result")));
        count(event);
      }
      default -> { }
    }
  }

  private void show(JsonEvent piece) {
    if (piece.type().equals("text")) {
      piece.text("text").lines().filter(line -> !line.isBlank()).forEach(context::progress);
    } else if (piece.type().equals("tool_use")) {
      JsonEvent input = piece.object("input");
      String what = input.text("command") + input.text("file_path") + input.text("pattern") + input.text("url");
      context.progress("> " + piece.text("name") + (what.isEmpty() ? "" : " " + what.lines().findFirst().orElse("")));
    }
  }

  private void count(JsonEvent event) {
    JsonEvent models = event.object("modelUsage");
    models.fields().forEach((name, used) -> {
      JsonEvent each = models.object(String.valueOf(name));
      used(String.valueOf(name), each.count("inputTokens"), each.count("cacheReadInputTokens"),
          each.count("cacheCreationInputTokens"), each.count("outputTokens"), each.money("costUSD"));
    });
    if (models.fields().isEmpty()) {
      JsonEvent usage = event.object("usage");
      used(model, usage.count("input_tokens"), usage.count("cache_read_input_tokens"),
          usage.count("cache_creation_input_tokens"), usage.count("output_tokens"), event.money("total_cost_usd"));
    }
  }

  private void used(String name, long input, long cached, long written, long output, BigDecimal usd) {
    context.used(new Usage("anthropic", name, input + cached + written, cached, output, usd, true));
  }

  @Override
  public String session() {
    return session;
  }

  @Override
  public Optional<End> end() {
    return end;
  }
}
