package io.heartbeat4j.cli;

import io.heartbeat4j.client.AgentToken;
import io.heartbeat4j.client.ClientOptions;
import io.heartbeat4j.client.PaperclipClient;
import io.heartbeat4j.client.ServerUrl;
import io.heartbeat4j.protocol.Agent;
import io.heartbeat4j.protocol.ServerHealth;
import io.heartbeat4j.redaction.Redactor;
import io.heartbeat4j.storage.OwnerOnlyFiles;
import io.heartbeat4j.worker.CheckResult;
import io.heartbeat4j.worker.Worker;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/**
 * {@code heartbeat doctor}: checks everything that a heartbeat needs, and prints how to fix each problem. Writes nothing
 * to the server.
 */
@Command(name = "doctor", description = {
    "Checks server, token, agent, clock, state directory and worker; prints how to fix problems.",
    "Writes nothing to the server.",
    "",
    "It needs the environment of a run: PAPERCLIP_API_URL, PAPERCLIP_API_KEY (an agent key works too) and the HEARTBEAT_*",
    "variables.",
    ""
}, exitCodeListHeading = "%nExit codes:%n", exitCodeList = {" 0:no problem was found", "78:a problem was found"})
final class DoctorCommand implements Callable<Integer> {

  private static final Duration MAX_CLOCK_SKEW = Duration.ofMinutes(2);

  @ParentCommand
  private @Nullable HeartbeatCommand parent;

  @Option(names = "--config", paramLabel = "FILE", description = "the configuration file of 'heartbeat run'")
  private @Nullable Path config;

  private boolean problemFound;

  @Override
  public Integer call() {
    Map<String, String> environment = Objects.requireNonNull(parent).environment();
    checkPassed("Java", Runtime.version().toString());
    Vertx vertx = Vertx.vertx();
    try {
      checkServer(vertx, environment);
    } finally {
      vertx.close();
    }
    checkWorker(environment);
    checkKeys();
    return problemFound ? ExitCode.CONFIGURATION.code() : ExitCode.OK.code();
  }

  private void checkServer(Vertx vertx, Map<String, String> environment) {
    String other = environment.getOrDefault("HEARTBEAT_API_URL", "");
    String url = other.isBlank() ? environment.getOrDefault("PAPERCLIP_API_URL", "") : other;
    if (url.isBlank()) {
      problemFound("server", "PAPERCLIP_API_URL is not set", "set it, for example to http://localhost:3100");
      return;
    }
    try {
      PaperclipClient server = PaperclipClient.connect(vertx, ServerUrl.of(url),
          ClientOptions.defaults().withMaxAttempts(1));
      ServerHealth serverHealth = await(server.health());
      if (serverHealth.isReady()) {
        checkPassed("server", url + (serverHealth.version() == null ? "" : ", version " + serverHealth.version()));
      } else {
        problemFound("server", url + " is not ready (" + serverHealth.status() + ")",
            "wait until the server has started");
      }
      await(server.serverClockOffset()).ifPresentOrElse(
          this::checkClock, () -> checkPassed("clock", "not compared: the server's responses have no date"));
      checkToken(server, environment);
    } catch (RuntimeException failure) {
      problemFound("server", describe(failure), "check PAPERCLIP_API_URL and that the server runs");
    }
  }

  private void checkClock(Duration ahead) {
    if (ahead.abs().compareTo(MAX_CLOCK_SKEW) > 0) {
      problemFound("clock", "the server's clock is " + ahead.toSeconds() + " s ahead of this machine's",
          "synchronise both by NTP: the expiry of run tokens depends on the clock");
    } else {
      checkPassed("clock", "within " + Math.max(1, ahead.abs().toSeconds()) + " s of the server's");
    }
  }

  private void checkToken(PaperclipClient server, Map<String, String> environment) {
    String token = environment.getOrDefault("PAPERCLIP_API_KEY", "");
    if (token.isBlank()) {
      problemFound("token", "PAPERCLIP_API_KEY is not set",
          "Paperclip sets it for a run; in a shell, create an agent key on the board and set it");
      return;
    }
    try {
      Agent self = await(server.session(AgentToken.of(token)).me());
      checkPassed("agent", self.name() + " (" + self.id() + "), " + self.status() + ", manager: "
          + self.manager().map(manager -> manager.name()).orElse("none"));
      checkWakeVariables(self, environment);
      if (self.status().isStopped()) {
        problemFound("agent",
            "it is " + self.status() + Optional.ofNullable(self.pauseReason()).map(why -> " (" + why + ")").orElse(""),
            "resume it on the board, or raise its budget");
      }
      if (!self.canAssignTasks()) {
        problemFound("agent", "it may not assign tasks",
            "grant tasks:assign: the server refuses delegations and escalations without it");
      }
    } catch (RuntimeException failure) {
      problemFound("token", describe(failure), "create a new agent key on the board, or run this command in a run");
    }
  }

  /** Checks only variables that are set: outside a run they are not. */
  private void checkWakeVariables(Agent self, Map<String, String> environment) {
    checkMatches("PAPERCLIP_AGENT_ID", self.id().toString(), environment);
    checkMatches("PAPERCLIP_COMPANY_ID", self.companyId().toString(), environment);
  }

  private void checkMatches(String name, String id, Map<String, String> environment) {
    String set = environment.getOrDefault(name, "");
    if (!set.isBlank() && !set.strip().equals(id)) {
      problemFound("wake", name + " is " + set + ", but the token's is " + id,
          "do not set these variables yourself; Paperclip sets both for a run");
    }
  }

  private void checkWorker(Map<String, String> environment) {
    RunConfiguration configuration = RunConfiguration.read(
        Optional.ofNullable(config).or(() -> RunOptions.fromEnvironment(environment).config()),
        environment, Redactor.of(List.of()));
    try (Worker worker = configuration.worker().worker()) {
      checkPassed("worker", "it loads and its settings can be used");
      worker.check().forEach(this::print);
    } catch (Exception | LinkageError failure) {
      problemFound("worker", describe(failure), "'heartbeat workers' lists the workers and their settings");
    }
    Path state = configuration.stateDirectory();
    try {
      OwnerOnlyFiles.createDirectories(state);
      Files.delete(Files.createTempFile(state, "doctor", ".tmp"));
      ExposedFiles.describeDirectory(state).ifPresentOrElse(
          exposed -> note("state", exposed, "keep it from other users"), () -> checkPassed("state", state.toString()));
    } catch (IOException unwritable) {
      problemFound("state", state + " can't be written (" + unwritable.getClass().getSimpleName() + ")",
          "set HEARTBEAT_STATE_DIR to a directory that this user can write");
    }
  }

  /** Does what a worker's command could do. Not a problem, because a separate user may be what the operator wants. */
  private void checkKeys() {
    boolean cleared = DumpableFlag.clear();
    try {
      if (!cleared || DumpableFlag.isReadableByChild()) {
        note("keys", "a worker's command can read the keys of this process ("
            + (cleared ? "this user has CAP_SYS_PTRACE, as root has" : "only Linux can prevent it") + ")",
            cleared ? "run heartbeat as a user without it; see SECURITY.md"
                : "run the commands as another user; see SECURITY.md");
      } else {
        checkPassed("keys", "a worker's command can't read environment, memory and files of this process");
      }
    } catch (IOException | InterruptedException unknown) {
      problemFound("keys", "it can't be checked what a command can read (" + unknown.getMessage() + ")",
          "install the command 'cat'");
    }
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }

  private static String describe(Throwable failure) {
    Throwable cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause()
        : failure;
    return String.valueOf(cause.getMessage());
  }

  private void checkPassed(String what, String words) {
    print(CheckResult.passed(what, words));
  }

  /** What an operator may want as it is. */
  private void note(String what, String words, String mend) {
    System.out.println("note  " + what + ": " + words + "\n      -> " + mend);
  }

  private void problemFound(String what, String words, String mend) {
    print(CheckResult.failed(what, words, mend));
  }

  private void print(CheckResult result) {
    problemFound |= !result.isPassed();
    System.out.println(WorkersCommand.describe(result));
  }
}
