package io.heartbeat4j.cli;

import io.heartbeat4j.host.AgentHost;
import io.heartbeat4j.host.HostDependencies;
import io.heartbeat4j.host.config.HostConfiguration;
import io.heartbeat4j.host.observability.JsonLogOutputStream;
import io.heartbeat4j.host.observability.RunEventLogger;
import io.heartbeat4j.redaction.Redactor;
import io.heartbeat4j.worker.SettingsException;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code heartbeat serve}: runs many agents in this JVM until a signal ends it. */
@Command(name = "serve", mixinStandardHelpOptions = true, description = "Runs many agents in one JVM; Paperclip wakes them over HTTP or with 'heartbeat wake'.", footerHeading = "%nSignals:%n", footer = {
    "SIGTERM, SIGINT  start no new work, wait 'limits.drain' for running work, defer the rest, end",
    "a second one     defer running work at once",
    "SIGHUP           read the configuration again (a changed file is detected automatically)"
}, exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
    " 0:ended by a signal; everything is settled or stored for the next start",
    "64:an argument is wrong",
    "70:an error in heartbeat4j itself",
    "78:the configuration, its address or its state directory can't be used"
})
final class ServeCommand implements Callable<Integer> {

  private static final Duration POLL_INTERVAL = Duration.ofSeconds(2);

  @ParentCommand
  private @Nullable HeartbeatCommand parent;
  @Mixin
  private HostFileOption file = new HostFileOption();

  @Option(names = "--log-format", paramLabel = "text|json", defaultValue = "json", description = "the log format after the start; default: ${DEFAULT-VALUE}")
  private RunCommand.LogFormat logFormat = RunCommand.LogFormat.json;

  private final Redactor redactor = Redactor.of(List.of());

  @Override
  public Integer call() throws InterruptedException {
    DumpableFlag.clear(); // before anything of a worker runs
    Map<String, String> environment = Objects.requireNonNull(parent).environment();
    RunningHost runningHost;
    try {
      runningHost = start(environment);
    } catch (SettingsException wrong) {
      wrong.problems().forEach(System.err::println);
      return ExitCode.CONFIGURATION.code();
    } catch (CompletionException failed) {
      System.err.println("heartbeat: " + (failed.getCause() == null ? failed : failed.getCause()).getMessage());
      return ExitCode.CONFIGURATION.code();
    }
    AgentHost agentHost = runningHost.host();
    CountDownLatch ended = new CountDownLatch(1);
    AtomicInteger asked = new AtomicInteger();
    SignalHandler.register(List.of("TERM", "INT"), () -> {
      if (asked.getAndIncrement() == 0) {
        System.err.println("heartbeat: shutting down; a second signal defers running work at once");
        agentHost.drain().onComplete(drained -> ended.countDown());
      } else {
        agentHost.stopNow();
      }
    });
    SignalHandler.register(List.of("HUP"), () -> reload(agentHost, environment));
    FileWatcher.watch(runningHost.watched(), POLL_INTERVAL, () -> reload(agentHost, environment));
    ended.await();
    return ExitCode.OK.code();
  }

  /** A started host. Has no configuration, because a reload replaces it. */
  private record RunningHost(AgentHost host, List<Path> watched) {}

  private RunningHost start(Map<String, String> environment) {
    HostConfiguration configuration = file.read(environment, redactor);
    AgentHost agentHost = AgentHost
        .start(Vertx.vertx(AgentHost.vertxOptions()), configuration, dependencies(environment))
        .toCompletionStage().toCompletableFuture().join();
    System.err.println("heartbeat: " + configuration.describeAgents() + ", listening on "
        + configuration.httpServer().host() + ":" + agentHost.port()
        + configuration.httpServer().socket().map(socket -> " and " + socket).orElse(""));
    if (logFormat == RunCommand.LogFormat.json) { // errors of the start are plain text, for people
      System.setErr(JsonLogOutputStream.wrap(System.err, Clock.systemUTC()));
    }
    return new RunningHost(agentHost, List.of(configuration.file(), configuration.agentsDirectory()));
  }

  private HostDependencies dependencies(Map<String, String> environment) {
    Clock clock = Clock.systemUTC();
    return new HostDependencies(clock, new Random(), redactor, environment,
        List.of(new RunEventLogger(System.out, logFormat == RunCommand.LogFormat.json, clock)), List.of(),
        failure -> ExitCode.of(failure).code());
  }

  private void reload(AgentHost agentHost, Map<String, String> environment) {
    try {
      HostConfiguration other = file.read(environment, redactor);
      agentHost.reload(other);
      System.err.println("heartbeat: the configuration was read again: " + other.describeAgents());
    } catch (SettingsException wrong) {
      System.err.println("heartbeat: the configuration was not reloaded; the host keeps the previous one:");
      wrong.problems().forEach(System.err::println);
    }
  }
}
