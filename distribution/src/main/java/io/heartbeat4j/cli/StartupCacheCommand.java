package io.heartbeat4j.cli;

import io.heartbeat4j.heartbeat.outcome.HeartbeatOutcome;
import io.heartbeat4j.heartbeat.wake.EnvironmentWakeReader;
import io.heartbeat4j.heartbeat.wake.WakeRequest;
import io.heartbeat4j.redaction.Redactor;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;

/**
 * {@code heartbeat train}: runs heartbeats against the embedded server, so that a JVM started with {@code
 * -XX:AOTCacheOutput} records the classes of a one-shot heartbeat (ADR 0004). The launcher calls it; it prints only
 * errors.
 *
 * <p>The last heartbeat is a {@link OneShotHeartbeat}, which exits the process in the normal way.
 */
@Command(name = "train", hidden = true, description = "Creates the start-up cache of this JDK.")
final class StartupCacheCommand implements Runnable {

  private static final int LIMIT_SECONDS = 60;

  @Override
  public void run() {
    Thread limit = Thread.ofPlatform().daemon().name("limit").start(() -> abort("it took too long", LIMIT_SECONDS));
    System.setOut(new PrintStream(OutputStream.nullOutputStream()));
    Vertx vertx = Vertx.vertx(new VertxOptions().setMaxEventLoopExecuteTime(LIMIT_SECONDS * 2_000_000_000L));
    try {
      Path scratch = Files.createTempDirectory("heartbeat-train");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(scratch), "delete"));
      EmbeddedScenarios.load()
          .train(vertx, scratch, environment -> runHeartbeat(vertx, environment),
              environment -> OneShotHeartbeat.start(new RunOptions(Optional.empty(), false), environment))
          .onFailure(failure -> abort(String.valueOf(failure), 0));
      limit.join(); // the last heartbeat ends the process
    } catch (IOException failure) {
      abort(String.valueOf(failure), 0);
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the process without a cache, after the given time. */
  private static void abort(String why, int seconds) {
    try {
      TimeUnit.SECONDS.sleep(seconds);
    } catch (InterruptedException now) {
      Thread.currentThread().interrupt();
    }
    System.err.println("heartbeat: the start-up cache could not be created: " + why);
    Runtime.getRuntime().halt(ExitCode.INTERNAL.code());
  }

  private static void delete(Path directory) {
    try {
      TemporaryDirectory.delete(directory);
    } catch (IOException left) {
      // it is in the temporary directory
    }
  }

  /** Runs a heartbeat as {@link OneShotHeartbeat} does, without exiting the process. */
  private static Future<HeartbeatOutcome> runHeartbeat(Vertx vertx, Map<String, String> environment) {
    Redactor redactor = Redactor.of(List.of(environment.getOrDefault("PAPERCLIP_API_KEY", "")));
    WakeRequest request = EnvironmentWakeReader.read(environment);
    RunConfiguration configuration = RunConfiguration.read(Optional.empty(), environment, redactor);
    return configuration.runner(vertx, redactor, environment).listener(new TextEventPrinter(System.out, "")).build()
        .start(request).outcome();
  }
}
