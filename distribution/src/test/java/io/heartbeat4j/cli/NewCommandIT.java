package io.heartbeat4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.cli.DistributionProcess.ProcessResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code heartbeat new}: what it generates builds with what this build has made, without the network. */
class NewCommandIT {

  @TempDir
  Path directory;

  private ProcessResult heartbeat(String... arguments) {
    return DistributionProcess.heartbeat(Map.of("PATH", System.getenv("PATH"), "HOME", directory.toString(),
        "HEARTBEAT_AOT", "off"), arguments);
  }

  /** Maven as the user of this build runs it. */
  private static void maven(BuiltRepository repository, Path project, String phase) throws IOException {
    Path mvn = Stream.of(System.getenv("PATH").split(":")).map(each -> Path.of(each, "mvn"))
        .filter(Files::isExecutable).findFirst().orElseThrow();
    ProcessResult built = DistributionProcess.run(mvn, Duration.ofMinutes(10), System.getenv(), "-o", "-B", "-q",
        "-Dmaven.repo.local=" + repository.root(), "-f", project.resolve("pom.xml").toString(), phase);
    assertThat(built.code()).as(built.out() + built.err()).isZero();
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Test
  void a_worker_is_generated_built_tested_tried_packed_and_shipped_in_a_distribution() throws IOException {
    BuiltRepository repository = BuiltRepository.create(Files.createDirectory(directory.resolve("repository")),
        Path.of(System.getProperty("repository")), Path.of(System.getProperty("localRepository")));
    Path worker = directory.resolve("worker-plant-waterer");
    Path distribution = directory.resolve("garden-agent");

    // a group that the local repository of the build does not have, so that nothing is written into it
    ProcessResult created = heartbeat("new", "worker", "plant-waterer", "--directory", worker.toString(), "--package",
        "generated.plants");
    assertThat(created.code()).as(created.err()).isZero();
    assertThat(created.err()).isEmpty();
    assertThat(created.out().lines()).contains("created " + worker,
        "  heartbeat try issue.md --worker plant-waterer --worker-directory target/classes");

    maven(repository, worker, "verify");
    assertThat(names(worker.resolve("target/surefire-reports"))).contains(
        "TEST-generated.plants.PlantWatererWorkerTest.xml");
    assertThat(names(worker.resolve("target"))).contains("worker-plant-waterer-0.1.0-SNAPSHOT-plugin.zip");

    ProcessResult tried = heartbeat("try", worker.resolve("issue.md").toString(), "--worker", "plant-waterer",
        "--worker-directory", worker.resolve("target/classes").toString());
    assertThat(tried.code()).as(tried.out() + tried.err()).isZero();
    assertThat(tried.out()).contains("= TRI-1 is done");

    repository.add("generated", "worker-plant-waterer", "0.1.0-SNAPSHOT", worker);
    ProcessResult assembled = heartbeat("new", "distribution", "garden-agent", "--directory", distribution.toString(),
        "--package", "generated.garden", "--worker", "generated:worker-plant-waterer:0.1.0-SNAPSHOT");
    assertThat(assembled.code()).as(assembled.err()).isZero();

    maven(repository, distribution, "verify");
    assertThat(names(distribution.resolve("target/surefire-reports"))).contains(
        "TEST-generated.garden.GardenAgentDistributionTest.xml");
    assertThat(names(distribution.resolve("target"))).contains(
        "garden-agent-0.1.0-SNAPSHOT-garden-agent.tar.gz");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "worker My_Worker| 64| 'My_Worker' can't be the name: use lower-case letters, digits and single dashes, such as 'my-worker'",
      "worker greeter --package org.class| 64| 'org.class' is not the name of a Java package: choose one with --package",
      "worker| 64| Missing required parameter: 'NAME'",
      "worker greeter --directory TAKEN| 64| is there already: choose another directory with --directory, or remove it",
      "worker greeter --directory TAKEN/file.txt/below| 64| can't be written",
      "worker greeter --pakage x| 64| there is no option '--pakage', did you mean '--package'?",
      "distribution acme| 64| Missing required option: '--worker=GROUP:ARTIFACT:VERSION'",
      "distribution acme --worker greeter| 64| 'greeter' does not name a plugin in a Maven repository: write GROUP:ARTIFACT:VERSION",
      "wroker greeter| 64| there is no command or argument 'wroker', did you mean 'worker'?"
  })
  void what_can_not_be_generated_is_one_line_and_leaves_nothing(String words, int code, String message)
      throws IOException {
    Path taken = Files.createDirectory(directory.resolve("taken"));
    Files.writeString(taken.resolve("file.txt"), "mine");
    List<String> arguments = new ArrayList<>(List.of("new"));
    arguments.addAll(List.of(words.replace("TAKEN", taken.toString()).split(" ")));

    ProcessResult refused = heartbeat(arguments.toArray(String[]::new));

    assertThat(refused.errorLines()).singleElement().asString().startsWith("heartbeat: ").contains(message);
    assertThat(refused.code()).isEqualTo(code);
    assertThat(refused.out()).isEmpty();
    assertThat(names(taken)).containsExactly("file.txt");
  }

  @Test
  void without_maven_the_project_is_generated_and_what_is_missing_is_said() throws IOException {
    Path project = directory.resolve("greeter");
    Path tools = Files.createDirectory(directory.resolve("tools"));
    for (String tool : List.of("sh", "readlink")) {
      Files.createSymbolicLink(tools.resolve(tool), Path.of("/bin", tool));
    }

    ProcessResult created = DistributionProcess.heartbeat(
        Map.of("PATH", tools.toString(), "HOME", directory.toString(), "HEARTBEAT_AOT", "off"),
        "new", "worker", "greeter", "--directory", project.toString());

    assertThat(created.code()).as(created.err()).isZero();
    assertThat(created.errorLines()).containsExactly(
        "heartbeat: there is no Maven on the PATH: install 3.8.7 or newer to build the project");
    assertThat(project.resolve("pom.xml")).exists();
  }
}
