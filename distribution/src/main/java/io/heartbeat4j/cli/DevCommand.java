package io.heartbeat4j.cli;

import io.heartbeat4j.worker.SettingsException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code heartbeat dev}: runs the author's worker on an embedded server until a signal ends it. */
@Command(name = "dev", description = {
    "Runs a worker project on an embedded Paperclip server and serves a page on loopback: make issues, see every step,"
        + " answer cards, try faults. A changed class or settings file is loaded anew; running work ends first.",
    ""
}, exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
    " 0:ended by a signal",
    "64:an argument is wrong",
    "70:an error in heartbeat4j itself",
    "78:the project, its settings or the port can't be used"
})
final class DevCommand implements Callable<Integer> {

  private static final Duration POLL_INTERVAL = Duration.ofMillis(300);

  @ParentCommand
  private @Nullable HeartbeatCommand parent;

  @Parameters(index = "0", arity = "0..1", paramLabel = "PATH", defaultValue = ".", description = "a Maven project (its target/classes), a directory of classes, a jar or a plugin zip; default: ${DEFAULT-VALUE}")
  private Path project = Path.of(".");

  @Option(names = "--worker", paramLabel = "NAME", description = "the worker, where the project has several; overrides worker.name in dev.yaml")
  private @Nullable String worker;

  @Option(names = "--port", paramLabel = "PORT", defaultValue = "0", description = "the page's port; default: any free one")
  private int port;

  /** The launcher passes it to the JVM, since a debugger can't be let in later. */
  @Option(names = "--debug", paramLabel = "PORT", arity = "0..1", fallbackValue = "5005", description = "lets a debugger attach on this port of loopback; without a number: ${FALLBACK-VALUE}. Write --debug=PORT")
  private @Nullable Integer debugPort;

  @Override
  public Integer call() throws InterruptedException, IOException {
    Map<String, String> environment = Objects.requireNonNull(parent).environment();
    if (!environment.containsKey("HEARTBEAT_LOG_LEVEL")) { // an author wants to see what the worker logs
      System.setProperty("org.slf4j.simpleLogger.log.worker", "info");
    }
    DevSession session;
    try {
      session = EmbeddedScenarios.load()
          .develop(new DevOptions(project, Optional.ofNullable(worker), port, environment));
    } catch (SettingsException wrong) {
      wrong.problems().forEach(problem -> System.err.println("heartbeat: " + problem));
      return ExitCode.CONFIGURATION.code();
    }
    try (session) {
      CountDownLatch ended = new CountDownLatch(1);
      SignalHandler.register(List.of("TERM", "INT"), ended::countDown);
      System.out.println(session.description());
      if (debugPort != null) {
        System.out.println("heartbeat: a debugger can attach to 127.0.0.1:" + debugPort);
      }
      FileWatcher.watch(session.watched(), POLL_INTERVAL, session::reload);
      ended.await();
    }
    return ExitCode.OK.code();
  }
}
