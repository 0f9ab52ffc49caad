package io.heartbeat4j.cli.dev;

import io.heartbeat4j.protocol.IssueStatus;
import io.heartbeat4j.worker.WorkerFactory;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.slf4j.Logger;

/** A worker project on disk, compiled as its author would compile it. */
public final class WorkerProject {

  private final Path directory;

  private WorkerProject(Path directory) {
    this.directory = directory;
  }

  /** A project without classes. */
  public static WorkerProject empty(Path directory) {
    return new WorkerProject(directory);
  }

  /** A project whose worker 'sample' does this with its {@code context} and {@code settings}. */
  public static WorkerProject with(Path directory, String work) {
    WorkerProject project = new WorkerProject(directory);
    project.compile("SampleFactory", "sample", work);
    project.nameFactories("SampleFactory");
    return project;
  }

  public Path directory() {
    return directory;
  }

  public Path classes() {
    return directory.resolve("target/classes");
  }

  public void compile(String className, String workerName, String work) {
    compile(className, """
        import io.heartbeat4j.worker.*;
        public final class %1$s implements WorkerFactory<%1$s.Settings> {
          public record Settings(@DefaultValue("nobody") String whom) {}
          @Override public String name() { return "%2$s"; }
          @Override public Class<Settings> settingsType() { return Settings.class; }
          @Override public Worker create(Settings settings) {
            return context -> %3$s;
          }
        }
        """.formatted(className, workerName, work));
  }

  /**
   * Compiles one class.
   *
   * @param className with its package
   */
  public void compile(String className, String code) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    Path source = directory.resolve("src/main/java/" + className.replace('.', '/') + ".java");
    write(source, code);
    String classPath = Stream.of(WorkerFactory.class, IssueStatus.class, Logger.class)
        .map(type -> jarOf(type).toString()).collect(Collectors.joining(File.pathSeparator));
    List<String> arguments = List.of("-proc:none", "-nowarn", "--release", "21", "-cp", classPath, "-d",
        classes().toString(), source.toString());
    if (compiler.run(null, null, null, arguments.toArray(String[]::new)) != 0) {
      throw new AssertionError("the project does not compile");
    }
  }

  public void recompile(String work) {
    compile("SampleFactory", "sample", work);
  }

  public void nameFactories(String... classNames) {
    write(classes().resolve("META-INF/services/" + WorkerFactory.class.getName()), String.join("\n", classNames));
  }

  public void writeSettings(String yaml) {
    write(directory.resolve("dev.yaml"), yaml);
  }

  private static Path jarOf(Class<?> type) {
    try {
      return Path.of(Objects.requireNonNull(type.getProtectionDomain().getCodeSource()).getLocation().toURI());
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.createDirectories(Objects.requireNonNull(file.getParent()));
      Files.writeString(file, text);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
