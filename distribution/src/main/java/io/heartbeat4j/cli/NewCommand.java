package io.heartbeat4j.cli;

import io.heartbeat4j.cli.project.ProjectTemplate;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code heartbeat new}: the commands that generate a project. */
@Command(name = "new", mixinStandardHelpOptions = true, subcommands = {NewWorkerCommand.class,
    NewDistributionCommand.class}, description = "Creates a Maven project for a worker or a distribution of your own.")
final class NewCommand implements Runnable {

  @ParentCommand
  private @Nullable HeartbeatCommand parent;

  @Spec
  private @Nullable CommandSpec spec;

  PrintWriter out() {
    return Objects.requireNonNull(spec).commandLine().getOut();
  }

  @Override
  public void run() {
    Objects.requireNonNull(spec).commandLine().usage(out());
  }

  /** The directory of an example, as it is shipped. */
  static Path example(String name) {
    Path example = Path.of(System.getProperty("heartbeat.home", ".")).resolve("examples").resolve(name);
    if (!Files.isDirectory(example)) {
      throw new CommandFailure(ExitCode.CONFIGURATION, "this distribution has no templates: " + example
          + " is missing; copy it from a full distribution");
    }
    return example;
  }

  /** The version of heartbeat4j that a project depends on; empty for that of the example. */
  static Optional<String> version() {
    return Optional.ofNullable(Main.class.getPackage().getImplementationVersion());
  }

  /** Generates the project, and warns of what is missing to build it. */
  void generate(Supplier<ProjectTemplate> template, Path directory) {
    try {
      template.get().writeTo(directory);
    } catch (IllegalArgumentException wrong) {
      throw new CommandFailure(ExitCode.USAGE, String.valueOf(wrong.getMessage()));
    } catch (FileAlreadyExistsException occupied) {
      throw new CommandFailure(ExitCode.USAGE,
          directory + " is there already: choose another directory with --directory, or remove it");
    } catch (IOException unwritable) {
      throw new CommandFailure(ExitCode.USAGE,
          directory + " can't be written (" + unwritable + "): choose another directory with --directory");
    }
    out().println("created " + directory);
    PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
    Map<String, String> environment = Objects.requireNonNull(parent).environment();
    if (Stream.of(environment.getOrDefault("PATH", "").split(File.pathSeparator))
        .noneMatch(each -> Files.isExecutable(Path.of(each, "mvn")))) {
      err.println("heartbeat: there is no Maven on the PATH: install 3.8.7 or newer to build the project");
    }
    if (!Files.exists(Path.of(System.getProperty("java.home"), "bin", "javac"))) {
      err.println("heartbeat: " + System.getProperty("java.home") + " has no compiler: install a JDK 21 or newer to"
          + " build the project");
    }
  }
}
