package io.heartbeat4j.cli;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code heartbeat demo}. */
@Command(name = "demo", description = "Runs the agents of a small company and prints their heartbeats: on an embedded server, or on a real local one.")
final class DemoCommand implements Callable<Integer> {

  @Option(names = "--paperclip", paramLabel = "URL", description = "a local Paperclip server (deployment mode local_trusted); the demo adds a company to it")
  private @Nullable String url;

  @Override
  public Integer call() throws IOException {
    return EmbeddedScenarios.load().playDemo(Optional.ofNullable(url));
  }
}
