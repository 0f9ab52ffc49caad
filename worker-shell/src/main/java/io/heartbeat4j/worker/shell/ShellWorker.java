package io.heartbeat4j.worker.shell;

import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.Worker;
import io.heartbeat4j.worker.process.RunAs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Runs the configured command for an issue. The issue is on its standard input and in {@code HEARTBEAT_CONTEXT_FILE};
 * its result is what it wrote to {@code HEARTBEAT_RESULT_FILE}, else it follows from exit code and output:
 *
 * <ul>
 *   <li>0 and output: done, with the output as the summary (a reply, where a mention asked)
 *   <li>0 and no output: a failure; an empty result is never done (nothing to say, where a mention asked)
 *   <li>75: come back in 15 minutes
 *   <li>any other: a failure, with the end of the output
 * </ul>
 */
final class ShellWorker implements Worker {

  static final String RESULT_FILE = "HEARTBEAT_RESULT_FILE";

  private final ShellSettings settings;
  private final Optional<RunAs> user;
  private final Map<String, String> environment;

  /** @param user whose rights the command has, where they are not the host's */
  ShellWorker(ShellSettings settings, Optional<RunAs> user, Map<String, String> environment) {
    this.settings = settings;
    this.user = user;
    this.environment = environment;
  }

  @Override
  public WorkResult perform(WorkContext context) throws Exception {
    byte[] json = ContextJsonWriter.serialize(context);
    try (CommandFiles files = CommandFiles.create(context, user, json, settings.secrets())) {
      return perform(context, json, files);
    }
  }

  private WorkResult perform(WorkContext context, byte[] json, CommandFiles files) throws Exception {
    Path workspace = workspace(context, files.directory());
    Optional<CliAgentRun> agent = CliAgentRun.of(settings.output(), context);
    Map<String, String> variables = CommandEnvironment.of(environment, settings, context, files.variables());
    if (agent.isPresent()) {
      agent.get().session().ifPresent(session -> variables.put("HEARTBEAT_SESSION", session));
    }
    List<String> line = user.map(other -> other.commandLine(settings.commandLine())).orElseGet(settings::commandLine);
    CommandProcess.Result ended = new CommandProcess(settings, line, context,
        output -> agent.ifPresent(run -> run.acceptLine(output)))
        .run(workspace, variables, json);
    boolean exited = ended.termination() == CommandProcess.Termination.EXITED;
    if (agent.isPresent()) {
      agent.get().saveSession(!exited || agent.get().failed());
    }
    if (!exited) {
      return ExitResultMapper.map(ended, settings, context);
    }
    return ResultFileReader.read(files.resultFile(), context)
        .or(() -> agent.flatMap(CliAgentRun::result))
        .orElseGet(() -> ExitResultMapper.map(ended, settings, context));
  }

  private Path workspace(WorkContext context, Path scratch) throws IOException {
    Path workspace = settings.workspace().or(context.workspace()::directory).orElse(scratch).toAbsolutePath();
    if (!Files.isDirectory(workspace)) {
      throw new IOException(
          "the workspace " + workspace + " is not a directory: make it, or change the setting 'workspace'");
    }
    return workspace;
  }
}
