package io.heartbeat4j.cli.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is generated has the names that were asked for, and none of the example's. */
class ProjectTemplateTest {

  private static final Path EXAMPLES = Path.of("../examples");

  @TempDir
  Path directory;

  private String everything() throws IOException {
    StringBuilder text = new StringBuilder();
    for (Path file : files()) {
      text.append(directory.relativize(file)).append('\n').append(Files.readString(file));
    }
    return text.toString();
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  @Test
  void a_workers_project_bears_its_name_throughout() throws IOException {
    ProjectTemplate.worker(EXAMPLES.resolve("worker-hello"), Optional.of("9.8.7"),
        new ProjectName("plant-waterer", "org.acme.plants")).writeTo(directory);

    assertThat(files()).extracting(file -> directory.relativize(file).toString()).containsExactly(".gitignore",
        "README.md",
        "issue.md", "pom.xml", "src/main/java/org/acme/plants/PlantWatererWorkerFactory.java",
        "src/main/resources/META-INF/services/io.heartbeat4j.worker.WorkerFactory",
        "src/test/java/org/acme/plants/PlantWatererWorkerContractTest.java",
        "src/test/java/org/acme/plants/PlantWatererWorkerTest.java");
    assertThat(everything()).contains("<groupId>org.acme</groupId>\n  <artifactId>worker-plant-waterer</artifactId>",
        "<heartbeat4j.version>9.8.7<", "package org.acme.plants;", "return \"plant-waterer\";",
        "org.acme.plants.PlantWatererWorkerFactory\n", "--worker plant-waterer",
        "worker-plant-waterer-0.1.0-SNAPSHOT-plugin.zip", "target/\n")
        .doesNotContain("io.example", "HelloWorker", "worker-hello", "\"hello\"", "maven.deploy.skip");
  }

  @Test
  void a_distributions_project_ships_the_worker_that_is_named() throws IOException {
    ProjectTemplate.distribution(EXAMPLES.resolve("custom-distribution"), Optional.of("9.8.7"),
        ProjectName.inDefaultPackage("garden-agent"), WorkerCoordinates.parse("org.acme:worker-plants:1.2"))
        .writeTo(directory);

    assertThat(files()).extracting(file -> directory.relativize(file).toString()).containsExactly(".gitignore",
        "README.md",
        "pom.xml", "src/assembly/garden-agent.xml", "src/main/etc/heartbeat.yaml",
        "src/test/java/io/example/gardenagent/GardenAgentDistributionTest.java");
    assertThat(everything()).contains("<groupId>io.example</groupId>\n  <artifactId>garden-agent</artifactId>",
        "<heartbeat4j.version>9.8.7<",
        "<groupId>org.acme</groupId>\n      <artifactId>worker-plants</artifactId>\n      <version>1.2</version>",
        "/plugins/plants<", "name: plants\n", "\"plants:\"", "src/assembly/garden-agent.xml<",
        "${project.build.finalName}-garden-agent.tar.gz", "<id>garden-agent</id>")
        .doesNotContainIgnoringCase("acme-", "acme.xml", "AcmeD").doesNotContain("hello", "custom-distribution");
  }

  @Test
  void the_templates_name_the_version_that_this_build_has() throws IOException {
    String parent = Files.readString(Path.of("../pom.xml"));
    String version = parent.substring(parent.indexOf("<version>") + 9, parent.indexOf("</version>"));

    for (String example : List.of("worker-hello", "custom-distribution")) {
      assertThat(EXAMPLES.resolve(example).resolve("pom.xml")).content()
          .contains("<heartbeat4j.version>" + version + "<");
    }
  }

  @Test
  void a_directory_that_has_files_is_not_touched() throws IOException {
    Path file = Files.writeString(directory.resolve("notes.txt"), "mine");
    ProjectTemplate template = ProjectTemplate.worker(EXAMPLES.resolve("worker-hello"), Optional.of("9.8.7"),
        ProjectName.inDefaultPackage("greeter"));

    assertThatThrownBy(() -> template.writeTo(directory)).isInstanceOf(FileAlreadyExistsException.class);
    assertThatThrownBy(() -> template.writeTo(file)).isInstanceOf(FileAlreadyExistsException.class);

    assertThat(files()).containsExactly(file);
    assertThat(file).hasContent("mine");
  }

  @ParameterizedTest
  @CsvSource({"My Worker,my-worker", "Greeter,greeter", "2fast,fast", "-x-,x", "ü,greeter", "a--b,a-b", "a/b,a-b"})
  void a_name_that_is_not_possible_is_answered_with_one_that_is(String name, String possible) {
    assertThatThrownBy(() -> ProjectName.inDefaultPackage(name)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("'" + name + "' can't be the name", "such as '" + possible + "'");
    assertThat(ProjectName.inDefaultPackage(possible).text()).isEqualTo(possible);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "org acme", "org.acme.class", "org..acme", "1.acme"})
  void a_package_that_is_not_possible_is_refused(String javaPackage) {
    assertThatThrownBy(() -> new ProjectName("greeter", javaPackage)).hasMessageContaining("--package");
  }

  @ParameterizedTest
  @ValueSource(strings = {"worker-plants", "a:b", "a:b:c:d", "a::1", "a:b:<c>"})
  void coordinates_that_name_no_plugin_are_refused(String worker) {
    assertThatThrownBy(() -> WorkerCoordinates.parse(worker)).hasMessageContaining("GROUP:ARTIFACT:VERSION");
  }
}
