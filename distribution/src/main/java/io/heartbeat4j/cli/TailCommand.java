package io.heartbeat4j.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.cli.tail.RunTimeline;
import io.heartbeat4j.client.ProtocolJson;
import io.heartbeat4j.host.config.HttpServerConfiguration;
import io.heartbeat4j.redaction.Redactor;
import io.heartbeat4j.worker.Secret;
import io.heartbeat4j.worker.SettingsException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code heartbeat tail}: the events of the live page in a terminal. */
@Command(name = "tail", mixinStandardHelpOptions = true, description = {
    "Follows the runs of a host that runs on this machine: what is under way, then every step. Ctrl-C ends it.",
    "It needs the view key of the host's file (listen.view-key).",
    ""}, exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
        " 0:the chosen run has ended",
        "64:the host has no such agent or run",
        "69:the host can't be reached, or has ended",
        "77:the host refuses the view key",
        "78:the host's file can't be used, or has no view key"})
final class TailCommand implements Callable<Integer> {

  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
  private static final String DATA = "data: ";

  @ParentCommand
  private @Nullable HeartbeatCommand parent;

  @Spec
  private @Nullable CommandSpec spec;

  @Mixin
  private HostFileOption file = new HostFileOption();

  @Parameters(arity = "0..1", paramLabel = "AGENT|RUN", description = "an agent's name in the host's file, or a run's id; default: all")
  private @Nullable String chosen;

  @Option(names = "--url", paramLabel = "URL", description = "the host's address, if it is not that of its file, as behind TLS")
  private @Nullable URI url;

  @Option(names = "--json", description = "prints the events as they are, one JSON object per line")
  private boolean json;

  @Override
  public Integer call() {
    HttpServerConfiguration host = configuration();
    Secret key = host.viewKey().orElseThrow(() -> new CommandFailure(ExitCode.CONFIGURATION,
        "the host has no view key: set listen.view-key in its file, and start it again"));
    URI address = url != null ? url : URI.create("http://" + reachable(host.host()) + ":" + host.port());
    try (HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT_LIMIT).build()) {
      HttpResponse<Stream<String>> response = http.send(HttpRequest.newBuilder(address.resolve("/live/events"))
          .header("authorization", "Bearer " + key.reveal()).build(), BodyHandlers.ofLines());
      try (Stream<String> lines = response.body()) {
        if (response.statusCode() != 200) {
          throw new CommandFailure(response.statusCode() == 401 ? ExitCode.NOT_ALLOWED : ExitCode.SERVER,
              "the host at " + address + " answered " + response.statusCode()
                  + ": is it the host of this file, and was it started with this view key?");
        }
        follow(lines.iterator());
      }
      return ExitCode.OK.code();
    } catch (IOException unreachable) {
      throw new CommandFailure(ExitCode.SERVER, "the host at " + address + " can't be reached ("
          + Optional.ofNullable(unreachable.getMessage()).orElse(unreachable.getClass().getSimpleName())
          + "): is it running?");
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitCode.SERVER, "interrupted");
    }
  }

  private HttpServerConfiguration configuration() {
    try {
      return file.read(Objects.requireNonNull(parent).environment(), Redactor.of(List.of())).httpServer();
    } catch (SettingsException wrong) {
      throw new CommandFailure(ExitCode.CONFIGURATION, String.join("; ", wrong.problems()));
    }
  }

  /** A host that listens everywhere listens on loopback too. */
  private static String reachable(String host) {
    return host.equals("0.0.0.0") ? "127.0.0.1" : host.contains(":") ? "[" + host + "]" : host;
  }

  private void follow(Iterator<String> lines) throws IOException {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    RunTimeline timeline = new RunTimeline(Optional.ofNullable(chosen), ZoneId.systemDefault());
    while (!timeline.isOver()) {
      if (!lines.hasNext()) {
        throw new CommandFailure(ExitCode.SERVER, "the host has ended, or has closed the connection");
      }
      String line = lines.next();
      if (line.startsWith(DATA)) {
        print(out, timeline, ProtocolJson.mapper().readTree(line.substring(DATA.length())));
      }
    }
  }

  private void print(PrintWriter out, RunTimeline timeline, JsonNode event) {
    try {
      List<String> lines = timeline.lines(event);
      if (!json) {
        lines.forEach(out::println);
      } else if (chosen == null || !lines.isEmpty()) {
        out.println(event);
      }
      out.flush();
    } catch (IllegalArgumentException unknown) {
      throw new CommandFailure(ExitCode.USAGE, String.valueOf(unknown.getMessage()));
    }
  }
}
