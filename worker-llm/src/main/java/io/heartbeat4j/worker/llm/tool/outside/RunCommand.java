package io.heartbeat4j.worker.llm.tool.outside;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.llm.tool.Answer;
import io.heartbeat4j.worker.llm.tool.Arguments;
import io.heartbeat4j.worker.llm.tool.Schema;
import io.heartbeat4j.worker.llm.tool.Tool;
import io.heartbeat4j.worker.llm.tool.ToolFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a command in the workspace.
 *
 * @param sandbox stands before the command
 */
public record RunCommand(
    WorkContext context, Path workspace, ToolEnvironment environment, List<String> sandbox, Duration longest)
    implements Tool {

  private static final Duration USUAL = Duration.ofMinutes(2);
  private static final int MOST_OUTPUT = 16_000;

  @Override
  public ToolSpecification specification() {
    return Schema.of("run", "Runs a shell command in the workspace and shows its exit code and output. What it leaves"
            + " running is ended. No terminal, no input.")
        .text("command", "one line for sh -c")
        .optionalNumber("timeout", "seconds, " + USUAL.toSeconds() + " unless given, at most " + longest.toSeconds())
        .build();
  }

  @Override
  public Effect effect() {
    return Effect.CHANGES;
  }

  @Override
  public boolean isAllowedByItself() {
    return false;
  }

  @Override
  public String subject(Arguments arguments) {
    try {
      return arguments.text("command");
    } catch (ToolFailure missing) {
      return "";
    }
  }

  @Override
  public Answer call(Arguments arguments) throws IOException, InterruptedException, ToolFailure {
    String command = arguments.words("command");
    int most = (int) Math.max(1, longest.toSeconds());
    Duration limit = Duration.ofSeconds(arguments.number("timeout", (int) Math.min(most, USUAL.toSeconds()), 1, most));
    List<String> line = new ArrayList<>();
    for (String part : sandbox) {
      line.add(part.replace("{workspace}", workspace.toString()).replace("{scratch}", context.scratch().toString()));
    }
    line.addAll(List.of("sh", "-c", command));
    Command.Ended ended = new Command(line, workspace, environment.variables(), MOST_OUTPUT, context::progress)
        .run(limit, context.cancellation()::isRequested);
    String how = ended.inTime() ? "exit code " + ended.exitCode() : "ended after its time limit of " + limit.toSeconds() + " s";
    return new Answer.Data("output of the command, " + how, ended.output().isBlank() ? "(no output)" : ended.output());
  }
}
