package io.heartbeat4j.cli;

import io.heartbeat4j.cli.project.ProjectName;
import io.heartbeat4j.cli.project.ProjectTemplate;
import io.heartbeat4j.cli.project.WorkerCoordinates;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code heartbeat new distribution}. */
@Command(name = "distribution", mixinStandardHelpOptions = true, description = "Creates the project of a distribution: heartbeat4j with a worker and a configuration of your own.", exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
    " 0:the project is created", "64:the name, the worker or the directory can't be used",
    "78:the distribution has no templates"})
final class NewDistributionCommand implements Callable<Integer> {

  @ParentCommand
  private @Nullable NewCommand parent;

  @Parameters(paramLabel = "NAME", description = "of the distribution, such as acme-agent")
  private @Nullable String name;

  @Option(names = "--worker", required = true, paramLabel = "GROUP:ARTIFACT:VERSION", description = "the plugin that it ships; 'mvn install' in the worker's project puts it into the local repository")
  private @Nullable String worker;

  @Option(names = "--directory", paramLabel = "DIR", description = "where to create it (default: NAME)")
  private @Nullable Path directory;

  @Option(names = "--package", paramLabel = "PACKAGE", description = "of its test (default: io.example.NAME)")
  private @Nullable String javaPackage;

  @Override
  public Integer call() {
    NewCommand command = Objects.requireNonNull(parent);
    String text = Objects.requireNonNull(name);
    Path project = directory == null ? Path.of(text) : directory;
    command.generate(() -> ProjectTemplate.distribution(NewCommand.example("custom-distribution"),
        NewCommand.version(),
        javaPackage == null ? ProjectName.inDefaultPackage(text) : new ProjectName(text, javaPackage),
        WorkerCoordinates.parse(Objects.requireNonNull(worker))), project);
    command.out().println("Next:\n  cd " + project + "\n  mvn verify");
    return ExitCode.OK.code();
  }
}
