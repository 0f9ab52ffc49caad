package io.heartbeat4j.worker.shell;

import io.heartbeat4j.worker.ProviderUsage;
import io.heartbeat4j.worker.WorkContext;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The events of {@code codex exec --json}, as version 0.169.0 sends them. They tell no model and no cost, and a session
 * that is gone on with tells its tokens from its beginning.
 */
final class CodexEventReader implements CliAgentEventReader {

  /** The program names no time that could be read: it is asked again after a while. */
  private static final Pattern LIMIT = Pattern.compile("(?i)hit your usage limit");
  private static final Duration RETRY_DELAY = Duration.ofHours(1);

  private final WorkContext context;
  private final ToolCallLines lines;
  private final CliAgentSession lastSession;
  private CliAgentSession session = CliAgentSession.NONE;
  private String lastMessage = "";
  private Optional<FinalMessage> end = Optional.empty();

  CodexEventReader(WorkContext context, CliAgentSession last) {
    this.context = context;
    this.lines = new ToolCallLines(context.run());
    this.lastSession = last;
  }

  @Override
  public void accept(CliAgentEvent event) {
    switch (event.type()) {
      case "thread.started" -> session = event.text("thread_id").equals(lastSession.id())
          ? lastSession
          : new CliAgentSession(event.text("thread_id"));
      case "item.started" -> started(event.object("item"));
      case "item.completed" -> completed(event.object("item"));
      case "turn.completed" -> {
        reportUsage(event.object("usage"));
        end = Optional.of(FinalMessage.ended(lastMessage));
      }
      case "turn.failed" -> end = Optional.of(failed(event.text("error", "message")));
      case "error" -> {
        context.run().reportProgress(event.text("message"));
        end = Optional.of(failed(event.text("message")));
      }
      default -> {
      }
    }
  }

  private static FinalMessage failed(String text) {
    return LIMIT.matcher(text).find()
        ? new FinalMessage(true, text, Optional.of(Instant.now().plus(RETRY_DELAY)))
        : FinalMessage.failed(text);
  }

  private void reportUsage(CliAgentEvent usage) {
    CliAgentSession now = new CliAgentSession(session.id(), usage.count("input_tokens"),
        usage.count("cached_input_tokens"),
        usage.count("output_tokens"));
    context.usage().report(new ProviderUsage("openai", "codex", Math.max(0, now.input() - session.input()),
        Math.max(0, now.cached() - session.cached()), Math.max(0, now.output() - session.output()), BigDecimal.ZERO,
        ProviderUsage.Billing.UNPRICED));
    session = now;
  }

  private void started(CliAgentEvent item) {
    if (item.type().equals("command_execution")) {
      lines.command(item.text("command"));
    }
  }

  private void completed(CliAgentEvent item) {
    switch (item.type()) {
      case "agent_message" -> {
        lastMessage = item.text("text");
        lines.text(lastMessage);
      }
      case "command_execution" -> {
        lines.result(item.text("aggregated_output"));
        lines.exit(item.count("exit_code"));
      }
      case "file_change" -> item.objects("changes")
          .forEach(change -> lines.call(change.text("kind"), change.text("path")));
      case "mcp_tool_call" -> lines.call(item.text("server"), item.text("tool"));
      case "error" -> context.run().reportProgress(item.text("message"));
      default -> {
      }
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
