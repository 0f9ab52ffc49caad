package io.heartbeat4j.worker.llm.tool.external;

import io.heartbeat4j.worker.agent.command.WorkspaceShell;
import dev.langchain4j.agent.tool.ToolSpecification;
import io.heartbeat4j.worker.llm.tool.Tool;
import io.heartbeat4j.worker.llm.tool.ToolArguments;
import io.heartbeat4j.worker.agent.ToolCallException;
import io.heartbeat4j.worker.llm.tool.ToolResult;
import io.heartbeat4j.worker.llm.tool.ToolSpecificationBuilder;
import java.io.IOException;
import java.time.Duration;

/** Runs a command in the workspace. */
public record RunCommandTool(WorkspaceShell shell, Duration longest) implements Tool {

  private static final Duration USUAL = Duration.ofMinutes(2);

  @Override
  public ToolSpecification specification() {
    return ToolSpecificationBuilder
        .of("run", "Runs a shell command in the workspace and shows its exit code and output. What it leaves"
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
  public boolean changesFiles() {
    return true;
  }

  @Override
  public boolean isAllowedByDefault() {
    return false;
  }

  @Override
  public String subject(ToolArguments toolArguments) {
    try {
      return toolArguments.text("command");
    } catch (ToolCallException missing) {
      return "";
    }
  }

  @Override
  public String logLine(ToolArguments toolArguments) {
    return "$ " + subject(toolArguments);
  }

  @Override
  public ToolResult call(ToolArguments toolArguments) throws IOException, InterruptedException, ToolCallException {
    String command = toolArguments.nonBlankText("command");
    int most = (int) Math.max(1, longest.toSeconds());
    Duration limit = Duration
        .ofSeconds(toolArguments.number("timeout", (int) Math.min(most, USUAL.toSeconds()), 1, most));
    WorkspaceShell.Result result = shell.run(command, limit);
    shell.context().run().reportProgress(result.ending());
    return new ToolResult.UntrustedText("output of the command, " + result.ending()
        + (result.inTime() ? "" : " of " + limit.toSeconds() + " s"),
        result.output().isBlank() ? "(no output)" : result.output());
  }
}
