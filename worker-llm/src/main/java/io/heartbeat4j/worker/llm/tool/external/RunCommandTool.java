package io.heartbeat4j.worker.llm.tool.external;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.llm.tool.Tool;
import io.heartbeat4j.worker.llm.tool.ToolArguments;
import io.heartbeat4j.worker.llm.tool.ToolCallException;
import io.heartbeat4j.worker.llm.tool.ToolResult;
import io.heartbeat4j.worker.llm.tool.ToolSpecificationBuilder;
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
public record RunCommandTool(
    WorkContext context, Path workspace, ProcessEnvironment environment, List<String> sandbox, Duration longest)
    implements
      Tool {

  private static final Duration USUAL = Duration.ofMinutes(2);
  private static final int MOST_OUTPUT = 16_000;

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
  public ToolResult call(ToolArguments toolArguments) throws IOException, InterruptedException, ToolCallException {
    String command = toolArguments.nonBlankText("command");
    int most = (int) Math.max(1, longest.toSeconds());
    Duration limit = Duration
        .ofSeconds(toolArguments.number("timeout", (int) Math.min(most, USUAL.toSeconds()), 1, most));
    List<String> line = new ArrayList<>();
    for (String part : sandbox) {
      line.add(part.replace("{workspace}", workspace.toString()).replace("{scratch}",
          context.workspace().scratchDirectory().toString()));
    }
    line.addAll(List.of("sh", "-c", command));
    CommandProcess.Result result = new CommandProcess(line, workspace,
        GitEnvironment.harden(environment.variables()), MOST_OUTPUT, context.run()::reportProgress)
        .run(context.run().id().toString(), limit, context.run().cancellation()::isRequested);
    String how = result.inTime() ? "exit code " + result.exitCode()
        : "ended after its time limit of " + limit.toSeconds() + " s";
    return new ToolResult.UntrustedText("output of the command, " + how,
        result.output().isBlank() ? "(no output)" : result.output());
  }
}
