package io.heartbeat4j.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code heartbeat run}, with every form of arguments that picocli accepts. */
@Command(name = "run", description = {
    "Runs one heartbeat; the wake is in the PAPERCLIP_* variables that Paperclip's process adapter sets.",
    "",
    "Every value of the file can also be set in the environment: HEARTBEAT_WORKER, HEARTBEAT_WORKER_<SETTING>,"
        + " HEARTBEAT_TIMEOUT, HEARTBEAT_SILENCE_TIMEOUT, HEARTBEAT_STARTUP_TIMEOUT, HEARTBEAT_GRACE,"
        + " HEARTBEAT_LIMITS_<LIMIT>, HEARTBEAT_STATE_DIR, HEARTBEAT_PLUGINS, HEARTBEAT_RESIDENT, HEARTBEAT_CONFIG, HEARTBEAT_LOG_FORMAT, HEARTBEAT_LOG_LEVEL. 'heartbeat workers' lists the settings.",
    ""
}, exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
    " 0:settled or idle, or the problem is written to the issue",
    "64:an argument or a PAPERCLIP_* variable is missing or malformed",
    "69:the server could not be reached, or its answer can't be used",
    "70:an error in heartbeat4j itself",
    "75:an issue is held and the result of its work could not be written to the server",
    "77:the token is refused, or agent, company and run do not belong together",
    "78:the configuration can't be used, and no issue is held to which the problem could be written"
})
final class RunCommand implements Runnable {

  @ParentCommand
  private @Nullable HeartbeatCommand parent;

  @Option(names = "--config", paramLabel = "FILE", description = "a YAML file: worker.name, worker.settings, timeout, ...")
  private @Nullable Path config;

  @Option(names = "--log-format", paramLabel = "text|json", description = "text: the timeline; json: one JSON object per step")
  private @Nullable LogFormat logFormat;

  enum LogFormat {
    text, json
  }

  @Override
  public void run() {
    var environment = java.util.Objects.requireNonNull(parent).environment();
    RunOptions standard = RunOptions.fromEnvironment(environment);
    OneShotHeartbeat.start(
        new RunOptions(Optional.ofNullable(config).or(standard::config),
            logFormat == null ? standard.json() : logFormat == LogFormat.json),
        environment);
    try {
      new CountDownLatch(1).await(); // the heartbeat ends the process
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }
}
