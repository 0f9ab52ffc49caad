package io.heartbeat4j.worker.shell;

import io.heartbeat4j.worker.Usage;
import io.heartbeat4j.worker.WorkContext;
import java.math.BigDecimal;
import java.util.Optional;

/** The events of {@code codex exec --json}. They tell no model and no cost. */
final class CodexStream implements AgentStream {

  private final WorkContext context;
  private String session = "";
  private String lastMessage = "";
  private Optional<End> end = Optional.empty();

  CodexStream(WorkContext context) {
    this.context = context;
  }

  @Override
  public void on(JsonEvent event) {
    switch (event.type()) {
      case "thread.started" -> session = event.text("thread_id");
      case "item.started" -> started(event.object("item"));
      case "item.completed" -> completed(event.object("item"));
      case "turn.completed" -> {
        JsonEvent usage = event.object("usage");
        context.used(new Usage("openai", "codex", usage.count("input_tokens"), usage.count("cached_input_tokens"),
            usage.count("output_tokens"), BigDecimal.ZERO));
        end = Optional.of(new End(false, lastMessage));
      }
      case "turn.failed" -> end = Optional.of(new End(true, event.text("error", "message")));
      case "error" -> end = Optional.of(new End(true, event.text("message")));
      default -> { }
    }
  }

  private void started(JsonEvent item) {
    if (item.type().equals("command_execution")) {
      context.progress("> " + item.text("command").lines().findFirst().orElse(""));
    }
  }

  private void completed(JsonEvent item) {
    switch (item.type()) {
      case "agent_message" -> {
        lastMessage = item.text("text");
        lastMessage.lines().filter(line -> !line.isBlank()).forEach(context::progress);
      }
      case "file_change" -> item.objects("changes").forEach(change ->
          context.progress("> " + change.text("kind") + " " + change.text("path")));
      case "mcp_tool_call" -> context.progress("> " + item.text("server") + " " + item.text("tool"));
      default -> { }
    }
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
