package io.heartbeat4j.cli;

import io.heartbeat4j.heartbeat.outcome.HeartbeatException;
import io.heartbeat4j.plugin.WorkerRegistry;
import io.heartbeat4j.worker.SettingsException;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import jdk.net.ExtendedSocketOptions;

/**
 * Runs the wakes that launchers hand over through a unix socket, each with its own variables, directory and worker. What
 * runs share has no trace of them: loaded classes and threads. A wake that it does not take, or
 * does not finish, runs in a process of its own.
 */
final class ResidentProcess {

  private static final long NO_TIMER = -1;

  private final Vertx vertx;
  private final Path home;
  private final ResidentDirectory directory;
  private final InstalledFiles installed;
  private final UserPrincipal user;
  private final ServerSocketChannel server;
  private final Set<ResidentRun> running = ConcurrentHashMap.newKeySet();
  private final Map<PluginFiles, WorkerRegistry> registries = new ConcurrentHashMap<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private boolean stopping;
  private long idleTimer = NO_TIMER;

  /** A plugins directory, which need not be the distribution's, as it is: changed plugins are loaded anew. */
  private record PluginFiles(Path directory, InstalledFiles files) {}

  private ResidentProcess(Vertx vertx, Path home, ResidentDirectory directory, ServerSocketChannel server)
      throws IOException {
    this.vertx = vertx;
    this.home = home;
    this.directory = directory;
    this.server = server;
    this.user = Files.getOwner(directory.path());
    this.installed = installedFiles();
  }

  /**
   * Listens at the directory's socket; the caller holds the directory's lock, so a socket that is there is stale.
   *
   * @param idle after so long without a wake it ends
   */
  static ResidentProcess listen(Vertx vertx, Path home, ResidentDirectory directory, Duration idle)
      throws IOException {
    Files.deleteIfExists(directory.socket());
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(directory.socket()), 1024);
    Files.setPosixFilePermissions(directory.socket(), PosixFilePermissions.fromString("rw-------"));
    ResidentProcess process = new ResidentProcess(vertx, home, directory, server);
    process.endAfter(idle);
    Thread.ofVirtual().name("accept").start(process::accept);
    return process;
  }

  /** Blocks until it has ended. */
  void awaitEnd() throws InterruptedException {
    ended.await();
  }

  /** Takes no further wake, and ends with the last run. */
  synchronized void stop() {
    if (!stopping) {
      stopping = true;
      try {
        Files.deleteIfExists(directory.socket()); // first, so that nobody connects to what is closing
        server.close();
      } catch (IOException unlinked) {
        // the launcher finds nobody there
      }
    }
    if (running.isEmpty()) {
      ended.countDown();
    }
  }

  /** Ends soon: the work of all runs is cancelled and settled. */
  void terminate() {
    stop();
    running.forEach(ResidentRun::terminate);
  }

  private void accept() {
    while (server.isOpen()) {
      try {
        SocketChannel channel = server.accept();
        Thread.ofVirtual().start(() -> serve(channel));
      } catch (IOException closed) {
        stop();
      }
    }
  }

  private void serve(SocketChannel channel) {
    ResidentConnection connection = new ResidentConnection(channel);
    try (channel) {
      if (channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().equals(user)) {
        answer(connection, connection.read());
        connection.writeLines();
      }
    } catch (IOException gone) {
      // the launcher has ended, or this is none
    }
  }

  private void answer(ResidentConnection connection, ResidentConnection.Request request) {
    Map<String, String> variables = request.variables();
    switch (request.path()) {
      case "/ready" -> connection.end('@', String.valueOf(ProcessHandle.current().pid()));
      case "/cancel" -> {
        running.stream().filter(run -> run.isOf(variables)).forEach(ResidentRun::terminate);
        connection.end('=', "0");
      }
      case "/wake" -> refusal(variables).ifPresentOrElse(reason -> connection.end('-', reason),
          () -> run(connection, variables));
      default -> connection.end('-', "");
    }
  }

  /** Why this process can't take the wake, whatever its configuration says. */
  private Optional<String> refusal(Map<String, String> variables) {
    if (!home.toString().equals(variables.get("HEARTBEAT_HANDOVER_HOME"))) {
      return Optional.of("it is of the installation " + home);
    }
    if (!installed.equals(installedFiles())) {
      stop();
      return Optional.of("the installation has changed since it was started");
    }
    return Optional.empty();
  }

  private void run(ResidentConnection connection, Map<String, String> variables) {
    Path workingDirectory = Path.of(variables.getOrDefault("HEARTBEAT_HANDOVER_DIRECTORY", "/"));
    RunOptions options = RunOptions.fromEnvironment(variables);
    WakeRun wake = new WakeRun(variables, options.json(), LineOutput.to(line -> connection.send('|', line)),
        LineOutput.to(line -> connection.send('!', line)));
    RunConfiguration configuration = RunConfiguration.read(options.config(), variables, workingDirectory,
        this::registry, wake.redactor());
    Optional<String> unfit = unfit(configuration);
    Duration idle = configuration.resident().map(RunConfiguration.Resident::idle).orElse(Duration.ZERO);
    ResidentRun run = new ResidentRun(wake, variables, connection);
    if (unfit.isPresent() || !begin(run)) {
      connection.end('-', unfit.orElse("it is ending"));
      return;
    }
    try {
      wake.run(vertx, wake.readWake(), configuration).onComplete(code -> {
        wake.close();
        run.end(code.succeeded() ? code.result() : ExitCode.INTERNAL);
        end(run, idle);
      });
      run.watchCaller();
    } catch (HeartbeatException badWake) {
      run.end(wake.refuse(badWake));
      end(run, idle);
    }
  }

  /** Empty if such a wake may run here. A configuration with problems is told by a process of its own. */
  private static Optional<String> unfit(RunConfiguration configuration) {
    if (configuration.resident().isEmpty()) {
      return Optional.of("");
    }
    try {
      return configuration.resident().get().isPossible().getAsBoolean()
          ? Optional.empty()
          : Optional.of("the worker needs a process of its own for each run");
    } catch (SettingsException unusable) {
      return Optional.of("");
    }
  }

  private synchronized boolean begin(ResidentRun run) {
    if (stopping) {
      return false;
    }
    cancelIdleTimer();
    running.add(run);
    return true;
  }

  private synchronized void end(ResidentRun run, Duration idle) {
    running.remove(run);
    if (running.isEmpty()) {
      if (stopping) {
        ended.countDown();
      } else {
        endAfter(idle);
      }
    }
  }

  private synchronized void endAfter(Duration idle) {
    cancelIdleTimer();
    idleTimer = vertx.setTimer(Math.max(1, idle.toMillis()), over -> endIfIdle());
  }

  private synchronized void endIfIdle() {
    if (running.isEmpty()) {
      stop();
    }
  }

  private void cancelIdleTimer() {
    if (idleTimer != NO_TIMER) {
      vertx.cancelTimer(idleTimer);
    }
  }

  private WorkerRegistry registry(Path plugins) {
    return registries.computeIfAbsent(new PluginFiles(plugins, InstalledFiles.in(List.of(plugins))),
        files -> new WorkerRegistry(plugins, ResidentProcess.class.getClassLoader()));
  }

  private InstalledFiles installedFiles() {
    return InstalledFiles.in(Stream.of("lib", "plugins").map(home::resolve).toList());
  }
}
