package io.heartbeat4j.worker.shell;

import io.heartbeat4j.worker.Usage;
import io.heartbeat4j.worker.WorkContext;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The events of {@code codex exec --json}, as version 0.169.0 sends them. They tell no model and no cost, and a session that
 * is gone on with tells its tokens from its beginning.
 */
final class CodexStream implements AgentStream {

  /** The program names no time that could be read: it is asked again after a while. */
  private static final Pattern LIMIT = Pattern.compile("(?i)hit your usage limit");
  private static final Duration WHILE = Duration.ofHours(1);

  private final WorkContext context;
  private final CliSession last;
  private CliSession session = CliSession.NONE;
  private String lastMessage = "";
  private Optional<End> end = Optional.empty();

  CodexStream(WorkContext context, CliSession last) {
    this.context = context;
    this.last = last;
  }

  @Override
  public void on(JsonEvent event) {
    switch (event.type()) {
      case "thread.started" -> session = event.text("thread_id").equals(last.id())
          ? last
          : new CliSession(event.text("thread_id"));
      case "item.started" -> started(event.object("item"));
      case "item.completed" -> completed(event.object("item"));
      case "turn.completed" -> {
        count(event.object("usage"));
        end = Optional.of(End.ended(lastMessage));
      }
      case "turn.failed" -> end = Optional.of(failed(event.text("error", "message")));
      case "error" -> {
        context.progress(event.text("message"));
        end = Optional.of(failed(event.text("message")));
      }
      default -> { }
    }
  }

  private static End failed(String text) {
    return LIMIT.matcher(text).find()
        ? new End(true, text, Optional.of(Instant.now().plus(WHILE)))
        : End.failed(text);
  }

  private void count(JsonEvent usage) {
    CliSession now = new CliSession(session.id(), usage.count("input_tokens"), usage.count("cached_input_tokens"),
        usage.count("output_tokens"));
    context.used(new Usage("openai", "codex", Math.max(0, now.input() - session.input()),
        Math.max(0, now.cached() - session.cached()), Math.max(0, now.output() - session.output()), BigDecimal.ZERO,
        Usage.Billing.UNPRICED));
    session = now;
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
      case "error" -> context.progress(item.text("message"));
      default -> { }
    }
  }

  @Override
  public CliSession session() {
    return session;
  }

  @Override
  public Optional<End> end() {
    return end;
  }
}
