package io.heartbeat4j.cli;

import io.heartbeat4j.client.AgentToken;
import io.heartbeat4j.client.ClientOptions;
import io.heartbeat4j.client.PaperclipClient;
import io.heartbeat4j.client.ServerUrl;
import io.heartbeat4j.host.config.AgentConfiguration;
import io.heartbeat4j.host.config.HostConfiguration;
import io.heartbeat4j.host.config.HttpServerConfiguration;
import io.heartbeat4j.host.run.AgentCheck;
import io.heartbeat4j.redaction.Redactor;
import io.heartbeat4j.worker.SettingsException;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/**
 * {@code heartbeat check}: reads a host's file as {@code heartbeat serve} does and creates its workers, but starts no
 * host.
 */
@Command(name = "check", mixinStandardHelpOptions = true, description = "Checks a host's configuration without starting it.", exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
    " 0:the configuration can be used", "78:it can't, or an agent's key can't; the problems are printed"})
final class CheckCommand implements Callable<Integer> {

  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);

  @ParentCommand
  private @Nullable HeartbeatCommand parent;
  @Spec
  private @Nullable CommandSpec spec;
  @Mixin
  private HostFileOption file = new HostFileOption();

  @Option(names = "--online", description = "also asks the Paperclip server for every agent: whose key it is, whether it is paused, and how it is woken; writes nothing")
  private boolean online;

  @Override
  public Integer call() {
    CommandLine line = Objects.requireNonNull(spec).commandLine();
    try {
      HostConfiguration host = file.read(Objects.requireNonNull(parent).environment(), Redactor.of(List.of()));
      line.getOut().println("ok    " + host.file() + ": " + host.describeAgents() + ", listening on "
          + host.httpServer().host() + ":" + host.httpServer().port() + ", state in " + host.storageLocation());
      return !online || areAgentsUsable(host, line.getOut()) ? ExitCode.OK.code() : ExitCode.CONFIGURATION.code();
    } catch (SettingsException wrong) {
      wrong.problems().forEach(line.getErr()::println);
      return ExitCode.CONFIGURATION.code();
    }
  }

  private static boolean areAgentsUsable(HostConfiguration host, PrintWriter out) {
    Vertx vertx = Vertx.vertx();
    try {
      Map<ServerUrl, PaperclipClient> servers = new HashMap<>();
      ClientOptions options = ClientOptions.defaults().withTimeouts(ANSWER_LIMIT, ANSWER_LIMIT).withMaxAttempts(1);
      List<AgentCheck> checks = host.agents().stream().flatMap(agent -> agent.key().stream().map(key -> ask(
          servers.computeIfAbsent(agent.server(), url -> PaperclipClient.connect(vertx, url, options)), agent, key)))
          .toList();
      checks.forEach(check -> out.println(describe(check, host.httpServer())));
      return checks.stream().allMatch(check -> check.problem().isEmpty());
    } finally {
      vertx.close();
    }
  }

  private static AgentCheck ask(PaperclipClient server, AgentConfiguration agent, AgentToken key) {
    return AgentCheck.ask(server, agent, key)
        .otherwise(
            failure -> new AgentCheck(agent, Optional.empty(), Optional.of(String.valueOf(failure.getMessage()))))
        .toCompletionStage().toCompletableFuture().join();
  }

  private static String describe(AgentCheck check, HttpServerConfiguration host) {
    String row = check.self()
        .map(self -> String.format(Locale.ROOT, "%-20s  %-24s  %s  company %s  %-10s  %s", check.agent().name(),
            self.name(), self.id(), self.companyId(), check.status(), check.wokenBy(host)))
        .orElseGet(() -> check.agent().name());
    return check.problem().map(problem -> "FAIL  " + row + "\n      -> " + problem).orElseGet(() -> "ok    " + row);
  }
}
