package io.heartbeat4j.cli.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heartbeat4j.worker.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an issue's file may say, and what its author is told where it can't be read. */
class IssueFileTest {

  @TempDir
  Path directory;

  private IssueFile read(String text) throws IOException {
    return IssueFile.read(Files.writeString(directory.resolve("issue.md"), text));
  }

  @Test
  void a_title_is_enough() throws IOException {
    IssueFile issue = read("---\ntitle: Water the plants\n---\n");

    assertThat(issue.frontMatter()).isEqualTo(new IssueFile.FrontMatter("Water the plants", IssueFile.Status.TODO,
        IssueFile.Priority.MEDIUM, List.of(), List.of(), Map.of()));
    assertThat(issue.description()).isEmpty();
    assertThat(issue.attachments()).isEmpty();
  }

  @Test
  void everything_can_be_said_and_the_rest_is_the_description() throws IOException {
    Path prices = Files.writeString(directory.resolve("prices.txt"), "12");

    IssueFile issue = read("""
        \uFEFF---\r
        title: "Water: the plants"
        status: in_progress
        priority: high
        comments: [Not the cactus., "See ${ENV:HOME}."]
        attachments: [./prices.txt]
        settings: {model: {name: x}, no-output: 5m}
        ---

        All of them.

        ---
        Twice.
        """);

    assertThat(issue.frontMatter()).isEqualTo(new IssueFile.FrontMatter("Water: the plants",
        IssueFile.Status.IN_PROGRESS, IssueFile.Priority.HIGH, List.of("Not the cactus.", "See ${ENV:HOME}."),
        List.of(Path.of("./prices.txt")), Map.of("model", Map.of("name", "x"), "no-output", "5m")));
    assertThat(issue.frontMatter().status().wireName()).isEqualTo("in_progress");
    assertThat(issue.description()).isEqualTo("All of them.\n\n---\nTwice.");
    assertThat(issue.attachments()).containsExactly(prices);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '@', value = {
      "Water the plants.| has no front matter; start it with the lines '---', 'title: ...' and '---'",
      "---~title: x| has no front matter",
      "''| has no front matter",
      "---~---| has no title in its front matter; start it with",
      "---~status: todo~---| front matter.title is missing: a text",
      "---~titel: x~---| front matter.titel is not a setting, did you mean 'title'? (known: title, status, priority,",
      "---~title: x~status: doen~---| front matter.status: 'doen' is not one of todo, in-progress",
      "---~title: x~priority: urgent~---| front matter.priority: 'urgent' is not one of critical, high, medium, low",
      "---~title: x~title: y~---| issue.md:3: the front matter is not a valid YAML map: Duplicate field 'title'",
      "---~title: [x~---| issue.md:2: the front matter is not a valid YAML map",
      "---~just words~---| issue.md:2: the front matter is not a valid YAML map",
      "---~title: x~attachments: [a.txt]~---| front matter.attachments: there is no file"
  })
  void what_is_wrong_is_named_with_what_to_write(String text, String message) {
    assertThatThrownBy(() -> read(text.replace("''", "").replace('~', '\n')))
        .isInstanceOf(SettingsException.class).hasMessageContaining("issue.md").hasMessageContaining(message);
  }

  @Test
  void all_problems_are_told_at_once() {
    assertThatThrownBy(() -> read("---\ntitel: x\nstatus: later\n---\n"))
        .hasMessageContaining("front matter.titel").hasMessageContaining("front matter.title is missing")
        .hasMessageContaining("front matter.status");
  }

  @Test
  void a_file_that_is_not_there_is_said_to_be_so() {
    assertThatThrownBy(() -> IssueFile.read(directory.resolve("none.md"))).isInstanceOf(SettingsException.class)
        .hasMessage("there is no file " + directory.resolve("none.md") + ": name a Markdown file with an issue");
    assertThatThrownBy(() -> IssueFile.read(directory)).isInstanceOf(SettingsException.class)
        .hasMessageContaining("can't be read");
  }
}
