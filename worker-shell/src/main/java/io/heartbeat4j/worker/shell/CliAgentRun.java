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
 * Runs an agent's command line program on one issue: resumes its session, reads its events, and interprets its result.
 * Prose is never taken for done: without a result in words that the runtime understands, a person is asked to look.
 */
final class CliAgentRun {

  private static final Pattern FENCED = Pattern.compile("(?s)```(?:json)?\\s*(\\{.*})\\s*```\\s*\\z");

  private final WorkContext context;
  private final CliAgentSession lastSession;
  private final CliAgentEventReader stream;
  private final Path sessionFile;

  private CliAgentRun(WorkContext context, CliAgentSession last, CliAgentEventReader stream, Path memory) {
    this.context = context;
    this.lastSession = last;
    this.stream = stream;
    this.sessionFile = memory;
  }

  /** Empty where the command prints words. */
  static Optional<CliAgentRun> of(OutputFormat format, WorkContext context) throws IOException {
    Path memory = context.workspace().stateDirectory().resolve("session");
    CliAgentSession last = Files.exists(memory) ? CliAgentSession.parse(Files.readString(memory))
        : CliAgentSession.NONE;
    return switch (format) {
      case TEXT -> Optional.empty();
      case CLAUDE -> Optional.of(new CliAgentRun(context, last, new ClaudeEventReader(context), memory));
      case CODEX -> Optional.of(new CliAgentRun(context, last, new CodexEventReader(context, last), memory));
    };
  }

  /** The session of the last run on this issue; empty where there is none. */
  Optional<String> session() {
    return Optional.of(lastSession.id()).filter(id -> !id.isEmpty());
  }

  /** Takes a line of standard output: an event, or words that are shown. */
  void acceptLine(String line) {
    CliAgentEvent.parse(line).ifPresentOrElse(stream::accept, () -> context.run().reportProgress(line));
  }

  /** Keeps the session for the next run, unless this one failed: a broken session is not gone on with. */
  void saveSession(boolean failed) throws IOException {
    if (!stream.session().id().isEmpty()) {
      context.run().reportSession(stream.session().id());
    }
    if (failed) {
      Files.deleteIfExists(sessionFile);
    } else if (!stream.session().id().isEmpty()) {
      Files.writeString(sessionFile, stream.session().serialize());
    }
  }

  boolean failed() {
    return stream.finalMessage().map(CliAgentEventReader.FinalMessage::failed).orElse(true);
  }

  /** What the program's last word means; empty where it gave none, and exit code and output have to tell. */
  Optional<WorkResult> result() {
    return stream.finalMessage()
        .map(finalMessage -> finalMessage.failed() ? failure(finalMessage) : toResult(finalMessage.text()));
  }

  private WorkResult failure(CliAgentEventReader.FinalMessage finalMessage) {
    String text = finalMessage.text().isBlank() ? "it did not say why" : finalMessage.text();
    if (finalMessage.quotaResetsAt().isPresent() && !context.isReadOnly()) {
      return new WorkResult.Later(finalMessage.quotaResetsAt().get(),
          "Waiting until the subscription can be used again: " + text);
    }
    throw new CommandFailedException("the agent's program failed: " + text);
  }

  private WorkResult toResult(String text) {
    Matcher fenced = FENCED.matcher(text);
    String json = text.strip().startsWith("{") ? text.strip() : fenced.find() ? fenced.group(1) : "";
    if (!json.isEmpty()) {
      return ResultFileReader.read(json, context);
    }
    if (context.isReadOnly()) {
      return text.isBlank() ? new WorkResult.Nothing() : new WorkResult.Reply(text);
    }
    if (text.isBlank()) {
      throw new CommandFailedException(
          "the agent's program ended without a word, so nobody knows whether the work is done");
    }
    return new WorkResult.NeedsReview(text, new ReviewPath.Card(new Question.Confirmation(
        "Is it done?", "The agent ended with words, not with a result. Is the work done as it should be?")));
  }
}
