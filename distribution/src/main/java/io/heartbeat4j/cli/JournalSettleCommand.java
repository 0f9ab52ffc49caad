package io.heartbeat4j.cli;

import com.google.inject.Guice;
import io.heartbeat4j.client.AgentToken;
import io.heartbeat4j.client.ClientOptions;
import io.heartbeat4j.client.PaperclipClient;
import io.heartbeat4j.client.ServerUrl;
import io.heartbeat4j.heartbeat.HeartbeatModule;
import io.heartbeat4j.heartbeat.memory.AgentMemory;
import io.heartbeat4j.heartbeat.recovery.OfflineRecovery.RecoveredIssue;
import io.heartbeat4j.heartbeat.recovery.OfflineRecovery;
import io.heartbeat4j.heartbeat.recovery.RecoveryResult;
import io.heartbeat4j.heartbeat.wal.WriteAheadLog;
import io.heartbeat4j.redaction.Redactor;
import io.heartbeat4j.storage.FileStorage;
import io.heartbeat4j.storage.HostFileStorage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code heartbeat journal settle}: settles the unfinished log entries of an agent on this machine with an agent key. */
@Command(name = "settle", mixinStandardHelpOptions = true, description = {
    "Settles the unfinished issues of one agent on this machine, without repeating the work.",
    "PAPERCLIP_API_URL names the server. PAPERCLIP_API_KEY is a key of the agent that was created on the board; the token of",
    "a run is not accepted, because it expires with the run. For each issue the command uses the first way that works:",
    "the active run that holds the issue writes the result; the server starts a new run of the agent, which writes the",
    "result if it is woken on this machine; the id of the ended run is used, if no run holds the issue; a comment states",
    "the facts."
}, exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
    " 0:nothing is pending, or each issue is settled or has a new run",
    "64:PAPERCLIP_API_URL or PAPERCLIP_API_KEY is missing or malformed",
    "69:the server could not be reached, or its answer can't be used",
    "75:an entry is still pending",
    "77:the key is refused"
})
final class JournalSettleCommand implements Callable<Integer> {

  @ParentCommand
  private @Nullable JournalCommand parent;

  @Spec
  private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    JournalCommand journal = Objects.requireNonNull(parent);
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    Map<String, String> environment = journal.environment();
    ServerUrl url;
    AgentToken key;
    try {
      url = read("PAPERCLIP_API_URL", environment, ServerUrl::of);
      key = read("PAPERCLIP_API_KEY", environment, AgentToken::of);
    } catch (IllegalArgumentException malformed) {
      err.println("heartbeat: " + malformed.getMessage());
      return ExitCode.USAGE.code();
    }
    if (key.claims().isPresent()) {
      err.println(
          "heartbeat: PAPERCLIP_API_KEY is the token of a run, which expires with the run: create an agent key on the board");
      return ExitCode.USAGE.code();
    }
    try {
      HostFileStorage.separate(journal.root(), WriteAheadLog.FOLDER, Clock.systemUTC());
    } catch (IOException unreadable) {
      err.println(
          "heartbeat: the unfinished entries of a host in " + journal.root() + " can't be read: "
              + unreadable.getMessage());
      return ExitCode.CONFIGURATION.code();
    }
    Vertx vertx = Vertx.vertx();
    try {
      return report(out, await(settle(vertx, url, key, err)));
    } catch (CompletionException failed) {
      Throwable cause = failed.getCause() == null ? failed : failed.getCause();
      err.println("heartbeat: " + redactor(key).redact(String.valueOf(cause.getMessage())));
      return ExitCode.of(cause).code();
    } finally {
      await(vertx.close());
    }
  }

  private static <T> T read(String name, Map<String, String> environment, Function<String, T> parse) {
    String value = environment.getOrDefault(name, "");
    if (value.isBlank()) {
      throw new IllegalArgumentException(name + " is not set");
    }
    try {
      return parse.apply(value);
    } catch (IllegalArgumentException malformed) {
      throw new IllegalArgumentException(name + ": " + malformed.getMessage(), malformed);
    }
  }

  private Future<List<RecoveredIssue>> settle(Vertx vertx, ServerUrl url, AgentToken key, PrintWriter err) {
    Redactor redactor = redactor(key);
    OfflineRecovery recovery = Guice.createInjector(
        new HeartbeatModule(vertx, Clock.systemUTC(), redactor, new TextEventPrinter(System.out, "  ")))
        .getInstance(OfflineRecovery.class);
    PaperclipClient server = PaperclipClient.connect(vertx, url, ClientOptions.defaults());
    return Future.future(done -> vertx.runOnContext(go -> server.session(key).me()
        .compose(self -> recovery.recover(server, key, self, AgentMemory.of(
            FileStorage.on(vertx, Objects.requireNonNull(parent).root(), Clock.systemUTC()),
            Objects.requireNonNull(parent).root(), url, self.companyId(), self.id(),
            warning -> err.println("heartbeat: " + redactor.redact(warning)))))
        .onComplete(done)));
  }

  private static Redactor redactor(AgentToken key) {
    return Redactor.of(List.of(key.reveal()));
  }

  private static int report(PrintWriter out, List<RecoveredIssue> all) {
    boolean complete = true;
    for (RecoveredIssue each : all) {
      out.println(each.label() + ": " + switch (each.result()) {
        case RecoveryResult.Settled settled -> "settled: " + settled.how();
        case RecoveryResult.RunRequested summoned ->
          "the server has started run " + summoned.run() + ", which settles it if it is woken on this machine";
        case RecoveryResult.Pending left -> "still pending: " + left.why();
      });
      complete &= !(each.result() instanceof RecoveryResult.Pending);
    }
    if (all.isEmpty()) {
      out.println("Nothing is pending for this agent.");
    }
    out.flush();
    return (complete ? ExitCode.OK : ExitCode.NOT_SETTLED).code();
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }
}
