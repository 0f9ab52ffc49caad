package io.heartbeat4j.cli;

import io.heartbeat4j.cli.project.ProjectName;
import io.heartbeat4j.cli.project.ProjectTemplate;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code heartbeat new worker}. */
@Command(name = "worker", mixinStandardHelpOptions = true, description = "Creates the project of a worker: a class, a test, an issue to try it with.", exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
    " 0:the project is created", "64:the name or the directory can't be used",
    "78:the distribution has no templates"})
final class NewWorkerCommand implements Callable<Integer> {

  @ParentCommand
  private @Nullable NewCommand parent;

  @Parameters(paramLabel = "NAME", description = "the worker's name, such as greeter")
  private @Nullable String name;

  @Option(names = "--directory", paramLabel = "DIR", description = "where to create it (default: worker-NAME)")
  private @Nullable Path directory;

  @Option(names = "--package", paramLabel = "PACKAGE", description = "of its classes (default: io.example.NAME)")
  private @Nullable String javaPackage;

  @Override
  public Integer call() {
    NewCommand command = Objects.requireNonNull(parent);
    String text = Objects.requireNonNull(name);
    Path project = directory == null ? Path.of("worker-" + text) : directory;
    command.generate(() -> ProjectTemplate.worker(NewCommand.example("worker-hello"), NewCommand.version(),
        javaPackage == null ? ProjectName.inDefaultPackage(text) : new ProjectName(text, javaPackage)), project);
    command.out().println("""
        Next:
          cd %s
          mvn package
          heartbeat try issue.md --worker %s --worker-directory target/classes""".formatted(project, text));
    return ExitCode.OK.code();
  }
}
