package io.heartbeat4j.cli.dev;

import io.heartbeat4j.cli.DevOptions;
import io.heartbeat4j.cli.DevSession;
import io.heartbeat4j.cli.TemporaryDirectory;
import io.heartbeat4j.cli.project.ProjectFiles;
import io.heartbeat4j.embedded.EmbeddedPaperclip;
import io.heartbeat4j.redaction.Redactor;
import io.heartbeat4j.worker.SettingsException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletionException;

/** A session on an {@link EmbeddedPaperclip}: the server, the author's agent in this JVM, and the page. */
public final class EmbeddedDevSession implements DevSession {

  private final Vertx vertx;
  private final Path directory;
  private final ProjectFiles files;
  private final WorkerLoader loader;
  private final CurrentWorker workers;
  private final SessionEvents events;
  private final DevAgent agent;
  private final String url;
  private final Terminal terminal;

  private EmbeddedDevSession(Vertx vertx, Path directory, ProjectFiles files, WorkerLoader loader,
      CurrentWorker workers, SessionEvents events, DevAgent agent, String url, Terminal terminal) {
    this.vertx = vertx;
    this.directory = directory;
    this.files = files;
    this.loader = loader;
    this.workers = workers;
    this.events = events;
    this.agent = agent;
    this.url = url;
    this.terminal = terminal;
  }

  /** The streams of the JVM before the session copied them. */
  private record Terminal(PrintStream out, PrintStream err) {

    static Terminal copyTo(SessionEvents events) {
      Terminal before = new Terminal(System.out, System.err);
      System.setOut(TerminalCopy.of(before.out, events::line));
      System.setErr(TerminalCopy.of(before.err, events::line));
      return before;
    }

    void restore() {
      System.setOut(out);
      System.setErr(err);
    }
  }

  /**
   * Starts a session.
   *
   * @throws SettingsException if the project, its settings or the port can't be used
   */
  public static DevSession start(DevOptions options) throws IOException {
    return start(options, Files.createTempDirectory("heartbeat-dev-"));
  }

  /** @param directory of the session's files, which is deleted at the end */
  static DevSession start(DevOptions options, Path directory) throws IOException {
    try {
      ProjectFiles files = ProjectFiles.find(options.project());
      Redactor redactor = Redactor.of(List.of());
      WorkerLoader loader = new WorkerLoader(files, options.worker(), options.environment(), redactor,
          directory.resolve("classes"));
      LoadedWorker first = loader.load();
      Vertx vertx = Vertx.vertx();
      try {
        return start(options, directory, files, redactor, loader, first, vertx);
      } catch (RuntimeException failed) {
        first.retire();
        await(vertx.close());
        throw failed;
      }
    } catch (RuntimeException | IOException failed) {
      TemporaryDirectory.delete(directory);
      throw failed;
    }
  }

  private static DevSession start(DevOptions options, Path directory, ProjectFiles files, Redactor redactor,
      WorkerLoader loader, LoadedWorker first, Vertx vertx) throws IOException {
    Files.createDirectories(directory.resolve("workspace"));
    EventFeed feed = new EventFeed();
    SessionEvents events = new SessionEvents(feed, redactor, Clock.systemUTC());
    CurrentWorker workers = new CurrentWorker(first);
    EmbeddedPaperclip paperclip = await(EmbeddedPaperclip.start(vertx));
    paperclip.requests().passTo(events::request);
    Board board = await(Board.create(paperclip, Clock.systemUTC(), first.name()));
    DevAgent agent = new DevAgent(vertx, redactor, workers, events, directory,
        files.settings().resolveSibling("."));
    paperclip.setWakeHandler(board.agent(), agent);
    Faults faults = new Faults(vertx, paperclip, board, agent, events);
    int port = await(new PageServer(feed, new BoardRoutes(board, faults)).listen(vertx, options.port()));
    events.workerLoaded(first);
    return new EmbeddedDevSession(vertx, directory, files, loader, workers, events, agent,
        "http://127.0.0.1:" + port + "/", Terminal.copyTo(events));
  }

  @Override
  public String description() {
    return "heartbeat: the worker '" + workers.get().name() + "' of " + files.path() + " is at " + url
        + " (Ctrl-C ends it)";
  }

  @Override
  public List<Path> watched() {
    return files.watched();
  }

  @Override
  public synchronized void reload() {
    try {
      LoadedWorker next = loader.load();
      workers.replace(next);
      events.workerLoaded(next);
      System.out.println("heartbeat: the worker '" + next.name() + "' was loaded anew (load " + next.number() + ")");
    } catch (SettingsException wrong) {
      events.workerRefused(workers.get(), String.join("; ", wrong.problems()));
      wrong.problems().forEach(problem -> System.err.println("heartbeat: not loaded, the worker of before goes on: "
          + problem));
    }
  }

  @Override
  public void close() {
    agent.stop();
    workers.get().retire();
    await(vertx.close());
    terminal.restore();
    try {
      TemporaryDirectory.delete(directory);
    } catch (IOException undeletable) {
      System.err.println("heartbeat: " + directory + " can't be deleted: " + undeletable.getMessage());
    }
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().join();
    } catch (CompletionException failed) {
      throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
    }
  }
}
