package io.heartbeat4j.cli.demo;

import io.heartbeat4j.cli.DevOptions;
import io.heartbeat4j.cli.DevSession;
import io.heartbeat4j.cli.EmbeddedScenarios;
import io.heartbeat4j.cli.trial.IssueFile;
import io.heartbeat4j.cli.trial.TriedIssue;
import io.heartbeat4j.cli.dev.EmbeddedDevSession;
import io.heartbeat4j.embedded.EmbeddedPaperclip;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** The scenarios in {@code lib/demo}. */
public final class ShippedScenarios implements EmbeddedScenarios {

  /** What the agents of the demo run; a custom distribution may have left it out. */
  private static final List<String> NEEDED = List.of("bin/heartbeat", "etc/demo/agent.sh", "plugins/shell");

  /** For the service loader. */
  public ShippedScenarios() {}

  @Override
  public int playDemo(Optional<String> url) throws IOException {
    Path home = Path.of(System.getProperty("heartbeat.home", ".")).toAbsolutePath().normalize();
    List<String> missing = NEEDED.stream().filter(each -> !Files.exists(home.resolve(each))).toList();
    if (!missing.isEmpty()) {
      throw new IllegalStateException("the demo needs " + String.join(", ", missing) + ", which the distribution in "
          + home + " does not have: copy it from a full distribution, or run its 'heartbeat demo'");
    }
    Vertx vertx = Vertx.vertx();
    try {
      String server = url.orElseGet(() -> await(EmbeddedPaperclip.start(vertx)).url());
      InterceptingProxy proxy = new InterceptingProxy(vertx, server);
      String agentsUrl = await(proxy.start());
      Path state = makeWorldWritable(makeWorldWritable(Files.createTempDirectory("heartbeat-demo-")).resolve("state"));
      boolean settled = new DemoScenario(BoardClient.createCompany(server, "Demo"), proxy, agentsUrl, home, state,
          System.out).run();
      System.out.println(settled ? "\nEvery issue is settled." : "\nAt least one issue is not settled as expected.");
      return settled ? 0 : 1;
    } finally {
      vertx.close();
    }
  }

  /** A real server runs its agents as its own user, who needs access. */
  private static Path makeWorldWritable(Path directory) throws IOException {
    Files.createDirectories(directory);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    return directory;
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }

  @Override
  public DevSession develop(DevOptions options) throws IOException {
    return EmbeddedDevSession.start(options);
  }

  @Override
  public Future<?> train(Vertx vertx, Path scratch, Function<Map<String, String>, Future<?>> heartbeat,
      Consumer<Map<String, String>> lastHeartbeat) {
    TrainingScenario scenario = new TrainingScenario(scratch, heartbeat, lastHeartbeat);
    return EmbeddedPaperclip.start(vertx).compose(scenario::run);
  }

  @Override
  public Future<TriedIssue> tryIssue(Vertx vertx, IssueFile issue,
      Function<Map<String, String>, Future<?>> heartbeat) {
    return EmbeddedPaperclip.start(vertx).compose(new IssueTrial(issue, heartbeat)::run);
  }
}
