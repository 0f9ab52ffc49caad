package io.heartbeat4j.worker.shell;

import io.heartbeat4j.worker.Question;
import io.heartbeat4j.worker.ReviewPath;
import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.WorkResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An agent's command line program on one issue: the session that it goes on with, its events, and what its last word means.
 * Prose is never taken for done: without a result in words that the runtime understands, a person is asked to look.
 */
final class AgentRun {

  private static final Pattern FENCED = Pattern.compile("(?s)```(?:json)?\\s*(\\{.*})\\s*```\\s*\\z");

  private final WorkContext context;
  private final CliSession last;
  private final AgentStream stream;
  private final Path memory;

  private AgentRun(WorkContext context, CliSession last, AgentStream stream, Path memory) {
    this.context = context;
    this.last = last;
    this.stream = stream;
    this.memory = memory;
  }

  /** Empty where the command prints words. */
  static Optional<AgentRun> of(OutputFormat format, WorkContext context) throws IOException {
    Path memory = context.state().resolve("session");
    CliSession last = Files.exists(memory) ? CliSession.of(Files.readString(memory)) : CliSession.NONE;
    return switch (format) {
      case TEXT -> Optional.empty();
      case CLAUDE -> Optional.of(new AgentRun(context, last, new ClaudeStream(context), memory));
      case CODEX -> Optional.of(new AgentRun(context, last, new CodexStream(context, last), memory));
    };
  }

  /** The session of the last run on this issue; empty where there is none. */
  Optional<String> session() {
    return Optional.of(last.id()).filter(id -> !id.isEmpty());
  }

  /** Takes a line of standard output: an event, or words that are shown. */
  void line(String line) {
    JsonEvent.of(line).ifPresentOrElse(stream::on, () -> context.progress(line));
  }

  /** Keeps the session for the next run, unless this one failed: a broken session is not gone on with. */
  void keepSession(boolean failed) throws IOException {
    if (!stream.session().isEmpty()) {
      context.session(stream.session());
    }
    if (failed) {
      Files.deleteIfExists(memory);
    } else if (!stream.session().id().isEmpty()) {
      Files.writeString(memory, stream.session().written());
    }
  }

  boolean failed() {
    return stream.end().map(AgentStream.End::failed).orElse(true);
  }

  /** What the program's last word means; empty where it gave none, and exit code and output have to tell. */
  Optional<WorkResult> result() {
    return stream.end().map(end -> end.failed() ? failure(end) : said(end.text()));
  }

  private WorkResult failure(AgentStream.End end) {
    String text = end.text().isBlank() ? "it did not say why" : end.text();
    if (end.until().isPresent() && !context.isReadOnly()) {
      return new WorkResult.Later(end.until().get(), "Waiting until the subscription can be used again: " + text);
    }
    throw new CommandFailed("the agent's program failed: " + text);
  }

  private WorkResult said(String text) {
    Matcher fenced = FENCED.matcher(text);
    String json = text.strip().startsWith("{") ? text.strip() : fenced.find() ? fenced.group(1) : "";
    if (!json.isEmpty()) {
      return ResultFile.read(json, context);
    }
    if (context.isReadOnly()) {
      return text.isBlank() ? new WorkResult.Nothing() : new WorkResult.Reply(text);
    }
    if (text.isBlank()) {
      throw new CommandFailed("the agent's program ended without a word, so nobody knows whether the work is done");
    }
    return new WorkResult.NeedsReview(text, new ReviewPath.Card(new Question.Confirmation(
        "Is it done?", "The agent ended with words, not with a result. Is the work done as it should be?")));
  }
}
