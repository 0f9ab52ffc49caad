package io.heartbeat4j.cli.demo;

import io.heartbeat4j.embedded.EmbeddedPaperclip;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code heartbeat demo}. */
@Command(name = "demo", description = "Works off a small company before your eyes: on an embedded server, or on a real local one.")
public final class DemoCommand implements Callable<Integer> {

  @Option(names = "--paperclip", paramLabel = "URL", description = "a local Paperclip server (deployment mode local_trusted); a company is added to it")
  private @Nullable String url;

  @Override
  public Integer call() throws IOException {
    Vertx vertx = Vertx.vertx();
    try {
      String server = url != null ? url : await(EmbeddedPaperclip.start(vertx)).url();
      InterceptingProxy proxy = new InterceptingProxy(vertx, server);
      String agentsUrl = await(proxy.start());
      Path home = Path.of(System.getProperty("heartbeat.home", ".")).toAbsolutePath().normalize();
      Path state = makeWorldWritable(makeWorldWritable(Files.createTempDirectory("heartbeat-demo-")).resolve("state"));
      boolean settled = new DemoScenario(BoardClient.createCompany(server, "Demo"), proxy, agentsUrl, home, state,
          System.out).run();
      System.out.println(settled ? "\nEvery issue is settled." : "\nNot every issue is settled as it should be.");
      return settled ? 0 : 1;
    } finally {
      vertx.close();
    }
  }

  /** A real server runs its agents as its own user. */
  private static Path makeWorldWritable(Path directory) throws IOException {
    Files.createDirectories(directory);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    return directory;
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }
}
