package io.heartbeat4j.cli;

import io.heartbeat4j.cli.project.ProjectFiles;
import io.heartbeat4j.cli.trial.IssueFile;
import io.heartbeat4j.cli.trial.TriedIssue;
import io.heartbeat4j.heartbeat.RunningHeartbeat;
import io.heartbeat4j.heartbeat.wake.EnvironmentWakeReader;
import io.heartbeat4j.heartbeat.work.CancellationSource;
import io.heartbeat4j.redaction.Redactor;
import io.heartbeat4j.worker.SettingsException;
import io.heartbeat4j.worker.Worker;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/**
 * {@code heartbeat try}: one issue from a file, one heartbeat, on the embedded server. The worker is made before anything
 * is started, so that a wrong setting is one line. The HEARTBEAT_WORKER variables are not read: a trial depends on its
 * file and arguments.
 */
@Command(name = "try", description = {
    "Gives an issue from a Markdown file to a worker, on an embedded Paperclip server, for one heartbeat.",
    "",
    "The file starts with YAML between two lines '---': title, status (todo, in_progress), priority, comments,"
        + " attachments (files that are copied into the workspace) and settings (of the worker). What follows is the"
        + " description.",
    ""
}, exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
    " 0:the issue is left as the worker wished: done, in review, blocked, ...",
    " 1:the worker failed or was not called, or its result could not be recorded as it was meant",
    "64:an argument is missing or malformed",
    "70:an error in heartbeat4j itself",
    "78:the issue's file, the worker or its settings can't be used"
})
final class TryCommand implements Callable<Integer> {

  @ParentCommand
  private @Nullable HeartbeatCommand parent;

  @Parameters(paramLabel = "ISSUE.md", description = "the issue")
  private @Nullable Path file;

  @Option(names = "--worker", required = true, paramLabel = "NAME", description = "one of 'heartbeat workers', or of --worker-directory")
  private @Nullable String worker;

  @Option(names = "--worker-directory", paramLabel = "PATH", description = "a worker that is not installed: its project, classes or jars, a jar, or a plugin zip")
  private @Nullable Path workerDirectory;

  @Option(names = "--settings", paramLabel = "FILE", description = "the worker's settings as a YAML map; they override the issue's")
  private @Nullable Path settings;

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "one setting; overrides the files; a dot leads into a map: model.name=x")
  private Map<String, String> set = new LinkedHashMap<>();

  @Option(names = "--workspace", paramLabel = "DIR", description = "the directory that the worker may use (default: a fresh one, which is kept)")
  private @Nullable Path workspace;

  @Option(names = "--json", description = "prints one JSON object instead of text")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Redactor redactor = Redactor.of(List.of());
    if (workspace != null && !Files.isDirectory(workspace)) {
      throw new CommandFailure(ExitCode.USAGE,
          "there is no directory " + workspace + ": create it, or leave out --workspace for a fresh one");
    }
    try (CancelOnShutdown shutdown = CancelOnShutdown.register();
        TrialDirectories directories = TrialDirectories.create()) {
      IssueFile issue = IssueFile.read(Objects.requireNonNull(file));
      RunConfiguration configuration = configuration(issue, directories, redactor);
      if (!configuration.problems().isEmpty()) {
        throw new SettingsException(configuration.problems());
      }
      DumpableFlag.clear(); // what a worker's command could read, as in 'run'
      Worker created = create(configuration);
      try {
        Path prepared = TrialDirectories.prepareWorkspace(Optional.ofNullable(workspace), issue.attachments());
        return run(issue, configuration.withWorker(() -> created), redactor, shutdown.cancellation(), Map.of(
            "PAPERCLIP_WORKSPACE_CWD", prepared.toString(),
            "PAPERCLIP_RUN_SCRATCH_DIR", directories.scratch().toString()));
      } finally {
        close(created);
      }
    } catch (SettingsException wrong) {
      throw new CommandFailure(ExitCode.CONFIGURATION, String.join("; ", wrong.problems()));
    }
  }

  private static Worker create(RunConfiguration configuration) {
    try {
      return configuration.worker().worker();
    } catch (LinkageError broken) {
      throw new SettingsException("the worker can't be loaded: " + broken);
    }
  }

  private static void close(Worker worker) {
    try {
      worker.close();
    } catch (Exception failure) {
      throw new CommandFailure(ExitCode.WORK_FAILED, "the worker could not be closed: " + failure);
    }
  }

  private RunConfiguration configuration(IssueFile issue, TrialDirectories directories, Redactor redactor) {
    Map<String, String> environment = new HashMap<>(Objects.requireNonNull(parent).environment());
    environment.keySet().removeIf(name -> name.equals("HEARTBEAT_WORKER") || name.startsWith("HEARTBEAT_WORKER_"));
    environment.put("HEARTBEAT_STATE_DIR", directories.state().toString());
    Map<String, Object> written = new LinkedHashMap<>(issue.frontMatter().settings());
    if (settings != null) {
      written.putAll(ConfigurationFile.read(settings, "--settings"));
    }
    set.forEach((key, value) -> put(written, List.of(key.split("\\.")), value));
    Optional<Path> developed = Optional.ofNullable(workerDirectory).map(path -> {
      ProjectFiles.find(path).copyTo(directories.worker());
      return directories.worker();
    });
    return RunConfiguration.of(Map.of("worker", Map.of("name", Objects.requireNonNull(worker), "settings", written)),
        developed, environment, redactor);
  }

  @SuppressWarnings("unchecked") // a map in YAML has text for keys
  private static void put(Map<String, Object> settings, List<String> path, String value) {
    if (path.size() == 1) {
      settings.put(path.get(0), value);
      return;
    }
    Map<String, Object> inner = settings.get(path.get(0)) instanceof Map<?, ?> map
        ? new LinkedHashMap<>((Map<String, Object>) map)
        : new LinkedHashMap<>();
    put(inner, path.subList(1, path.size()), value);
    settings.put(path.get(0), inner);
  }

  private int run(IssueFile issue, RunConfiguration configuration, Redactor redactor, CancellationSource cancellation,
      Map<String, String> directories) {
    PrintStream out = System.out;
    if (json) {
      System.setOut(System.err); // what a worker prints is not part of the object
    }
    TryReport report = new TryReport(json ? Optional.empty() : Optional.of(new TextEventPrinter(out, "")));
    Vertx vertx = Vertx.vertx();
    try {
      TriedIssue tried = await(EmbeddedScenarios.load().tryIssue(vertx, issue, wake -> {
        redactor.register(wake.getOrDefault("PAPERCLIP_API_KEY", ""));
        Map<String, String> environment = new HashMap<>(wake);
        environment.putAll(directories);
        RunningHeartbeat heartbeat = configuration.runner(vertx, redactor, environment).listener(report).build()
            .start(EnvironmentWakeReader.read(environment));
        cancellation.onRequested(() -> heartbeat.cancel(cancellation.reason()));
        return heartbeat.outcome().onSuccess(report::end);
      }));
      ExitCode code = report.exitCode();
      String used = directories.getOrDefault("PAPERCLIP_WORKSPACE_CWD", "");
      out.print(json ? report.json(tried, used, code) + "\n" : report.text(tried, used));
      out.flush();
      return code.code();
    } finally {
      vertx.close();
    }
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().join();
    } catch (CompletionException failed) {
      throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
    }
  }
}
