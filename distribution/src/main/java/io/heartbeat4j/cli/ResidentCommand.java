package io.heartbeat4j.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code heartbeat resident}: the process that {@link ResidentStarter} starts in the background (ADR 0023). */
@Command(name = "resident", hidden = true, description = "Runs the wakes that 'heartbeat run' hands over.")
final class ResidentCommand implements Callable<Integer> {

  @ParentCommand
  private @Nullable HeartbeatCommand parent;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Map<String, String> environment = Objects.requireNonNull(parent).environment();
    ResidentDirectory directory = ResidentDirectory.of(environment);
    try (FileChannel lock = FileChannel.open(directory.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      if (lock.tryLock() != null) {
        lock.truncate(0).write(ByteBuffer.wrap(String.valueOf(ProcessHandle.current().pid()).getBytes(US_ASCII)));
        serve(directory, environment);
      }
    } finally {
      directory.endStart();
    }
    return ExitCode.OK.code();
  }

  private static void serve(ResidentDirectory directory, Map<String, String> environment)
      throws IOException, InterruptedException {
    DumpableFlag.clear(); // the tokens of all runs pass through this process
    ResidentProcess process = ResidentProcess.listen(
        Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1)),
        Path.of(System.getProperty("heartbeat.home", ".")),
        directory,
        Duration.parse(environment.getOrDefault("HEARTBEAT_RESIDENT", "PT10M")));
    directory.endStart();
    SignalHandler.register(List.of("TERM", "INT"), process::terminate);
    String server = environment.getOrDefault(ResidentStarter.ENDS_WITH, "");
    if (!server.isEmpty()) {
      ProcessHandle.of(Long.parseLong(server)).ifPresentOrElse(
          running -> running.onExit().thenRun(process::stop), process::stop);
    }
    process.awaitEnd();
  }
}
