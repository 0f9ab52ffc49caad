package io.heartbeat4j.worker.agent.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProjectChecksTest {

  @TempDir
  private Path root = Path.of("none");

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"pom.xml|<project/>|mvn -B -ntp test", "build.gradle||gradle test",
      "build.gradle.kts||gradle test", "package.json|{\"scripts\": {\"test\": \"node --test\"}}|npm test",
      "Cargo.toml|[package]|cargo test", "go.mod|module a|go test ./...", "pytest.ini||python3 -m pytest -q",
      "pyproject.toml|[tool.pytest.ini_options]|python3 -m pytest -q", "Makefile|check: all|make check"})
  void a_project_is_known_by_its_file(String file, String content, String command) throws IOException {
    write(file, content == null ? "" : content);
    assertThat(ProjectChecks.detect(root)).containsExactly(java.util.Map.entry(command, file));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "package.json|{\"scripts\": {\"test\": \"echo \\\"Error: no test specified\\\" && exit 1\"}}",
      "package.json|{\"scripts\": {", "package.json|{}", "pyproject.toml|[project]", "Makefile|test := yes",
      "README.md|mvn test"})
  void what_tells_of_no_check_is_none(String file, String content) throws IOException {
    write(file, content);
    assertThat(ProjectChecks.detect(root)).isEmpty();
  }

  @Test
  void wrappers_are_used_and_a_makefile_beside_others_is_not() throws IOException {
    write("pom.xml", "");
    write("mvnw", "");
    write("Makefile", "test:\n\tmvn test\n");
    assertThat(ProjectChecks.detect(root)).containsOnlyKeys("./mvnw -B -ntp test");
  }

  private void write(String file, String content) throws IOException {
    Files.writeString(root.resolve(file), content);
  }
}
