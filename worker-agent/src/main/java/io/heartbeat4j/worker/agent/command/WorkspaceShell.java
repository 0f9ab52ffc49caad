package io.heartbeat4j.worker.agent.command;

import io.heartbeat4j.worker.WorkContext;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Runs lines of {@code sh} in the workspace, behind the operator's sandbox. A heartbeat that is stopped ends them.
 *
 * @param sandbox stands before each line
 */
public record WorkspaceShell(
    WorkContext context, Path workspace, ProcessEnvironment environment, List<String> sandbox) {

  private static final int MOST_OUTPUT = 16_000;

  /**
   * The end of a line.
   *
   * @param exitCode -1 where it was ended at its time limit
   * @param output its beginning and its end
   */
  public record Result(boolean inTime, int exitCode, String output) {

    /** For people and models. */
    public String ending() {
      return inTime ? "exit code " + exitCode : "ended after its time limit";
    }
  }

  /** A sandbox's command, of a preset too, with the places filled in. */
  public static List<String> filled(List<String> sandbox, Path workspace, Path scratch) {
    return SandboxPreset.expand(sandbox).stream().map(
        part -> part.replace("{workspace}", workspace.toString()).replace("{scratch}", scratch.toString())).toList();
  }

  /** Runs a line whose output is shown in the run's log. */
  public Result run(String command, Duration limit) throws IOException, InterruptedException {
    return run(command, limit, context.run()::reportProgress);
  }

  /** Runs a line that shows nothing. */
  public Result runQuietly(String command, Duration limit) throws IOException, InterruptedException {
    return run(command, limit, line -> {});
  }

  private Result run(String command, Duration limit, Consumer<String> progress)
      throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(filled(sandbox, workspace, context.workspace().scratchDirectory()));
    line.addAll(List.of("sh", "-c", command));
    CommandProcess.Result result = new CommandProcess(line, workspace, GitEnvironment.harden(environment.variables()),
        MOST_OUTPUT, progress)
        .run(context.run().id().toString(), limit, context.run().cancellation()::isRequested);
    return new Result(result.inTime(), result.exitCode(), result.output());
  }
}
