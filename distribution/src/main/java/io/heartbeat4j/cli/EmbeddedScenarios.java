package io.heartbeat4j.cli;

import io.heartbeat4j.cli.trial.IssueFile;
import io.heartbeat4j.cli.trial.TriedIssue;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The scenarios that need the embedded Paperclip server. Its jars are in {@code lib/demo} and not on the class path of
 * the commands. They are loaded only here, by a separate class loader, because the start-up cache is valid only for the
 * class path of production.
 */
public interface EmbeddedScenarios {

  /**
   * Runs the demo.
   *
   * @param url of a real local server; empty for the embedded one
   * @return the exit code
   */
  int playDemo(Optional<String> url) throws IOException;

  /**
   * Starts a session for the author of a worker.
   *
   * @throws io.heartbeat4j.worker.SettingsException if the project, its settings or the port can't be used
   */
  DevSession develop(DevOptions options) throws IOException;

  /**
   * Wakes an agent without an issue, for an issue, and for a last issue.
   *
   * @param heartbeat runs a heartbeat with the environment of a wake
   * @param lastHeartbeat runs the last one, which ends the process
   */
  Future<?> train(Vertx vertx, Path scratch, Function<Map<String, String>, Future<?>> heartbeat,
      Consumer<Map<String, String>> lastHeartbeat);

  /**
   * Gives an issue to an agent of a new company, and waits for the one heartbeat that follows.
   *
   * @param heartbeat runs a heartbeat with the environment of a wake
   * @return the issue afterwards; fails as the heartbeat does
   */
  Future<TriedIssue> tryIssue(Vertx vertx, IssueFile issue, Function<Map<String, String>, Future<?>> heartbeat);

  /**
   * Loads the scenarios that this distribution ships.
   *
   * @throws IllegalStateException where it ships none, in words for its user
   */
  static EmbeddedScenarios load() {
    Path jars = Path.of(System.getProperty("heartbeat.home", ".")).resolve("lib/demo");
    ClassLoader loader = new URLClassLoader("demo", urls(jars), EmbeddedScenarios.class.getClassLoader());
    return ServiceLoader.load(EmbeddedScenarios.class, loader).findFirst().orElseThrow(() -> new IllegalStateException(
        "this distribution has no embedded server: " + jars + " is missing; copy it from a full distribution"));
  }

  private static URL[] urls(Path directory) {
    List<URL> urls = new ArrayList<>();
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(directory, "*.jar")) {
      for (Path jar : jars) {
        urls.add(url(jar));
      }
    } catch (NoSuchFileException | NotDirectoryException none) {
      // in a test they are on the class path
    } catch (IOException unreadable) {
      throw new IllegalStateException(directory + " can't be read: " + unreadable.getMessage(), unreadable);
    }
    return urls.toArray(URL[]::new);
  }

  private static URL url(Path jar) throws MalformedURLException {
    return jar.toUri().toURL();
  }
}
