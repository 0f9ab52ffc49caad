package io.heartbeat4j.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.heartbeat.event.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/protocol-map.md names classes and tests that exist, and every step of the page. */
class ProtocolMapTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern NAME = Pattern.compile("`(\\w+)`");

  private final List<String> rows = rows();

  private static List<String> rows() {
    try {
      return Files.readAllLines(ROOT.resolve("docs/protocol-map.md")).stream()
          .filter(line -> line.startsWith("| ") && line.contains("`")).toList();
    } catch (IOException unreadable) {
      throw new IllegalStateException(unreadable);
    }
  }

  private static Set<String> sources(String kind) throws IOException {
    try (Stream<Path> files = Files.walk(ROOT, 14)) {
      return files.filter(file -> file.toString().endsWith(".java") && file.toString().contains("/src/" + kind + "/"))
          .map(file -> file.getFileName().toString().replace(".java", ""))
          .collect(Collectors.toSet());
    }
  }

  private List<String> namesIn(int column) {
    return rows.stream().map(row -> row.split("\\|")[column])
        .flatMap(cell -> NAME.matcher(cell).results().map(found -> found.group(1))).distinct().toList();
  }

  @Test
  void every_class_in_the_map_exists() throws IOException {
    assertThat(sources("main")).containsAll(namesIn(2));
  }

  @Test
  void every_test_in_the_map_exists_and_every_row_has_one() throws IOException {
    assertThat(sources("test")).containsAll(namesIn(3));
    assertThat(rows).hasSizeGreaterThan(20).allSatisfy(row -> assertThat(row.split("\\|")[3]).contains("Test`"));
  }

  @Test
  void every_step_of_the_page_has_a_row() {
    assertThat(Arrays.stream(Step.values()).map(step -> step.number() + " " + step.title()))
        .allSatisfy(step -> assertThat(rows).anyMatch(row -> row.startsWith("| " + step)));
  }
}
