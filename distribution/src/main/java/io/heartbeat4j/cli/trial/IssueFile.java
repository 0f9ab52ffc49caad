package io.heartbeat4j.cli.trial;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.heartbeat4j.plugin.SettingsReader;
import io.heartbeat4j.worker.DefaultValue;
import io.heartbeat4j.worker.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * An issue in a Markdown file: YAML between two lines {@code ---}, and below them the description.
 *
 * @param attachments the files, resolved against the directory of the issue's file
 */
public record IssueFile(FrontMatter frontMatter, String description, List<Path> attachments) {

  private static final String FENCE = "---";
  private static final String EXAMPLE = "; start it with the lines '---', 'title: ...' and '---'";
  private static final ObjectMapper YAML = new ObjectMapper(
      YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build());

  /** The statuses in which a server wakes the assignee of an issue that has no card and no blocker. */
  public enum Status {
    TODO, IN_PROGRESS;

    /** As the server writes it. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The priorities of the server. */
  public enum Priority {
    CRITICAL, HIGH, MEDIUM, LOW;

    /** As the server writes it. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * The YAML.
   *
   * @param comments of people, oldest first
   * @param attachments files that the worker finds in its workspace
   * @param settings of the worker
   */
  public record FrontMatter(String title, @DefaultValue("todo") Status status,
      @DefaultValue("medium") Priority priority,
      List<String> comments, List<Path> attachments, Map<String, Object> settings) {}

  /**
   * Reads the file.
   *
   * @throws SettingsException with every problem at once, in words for the author of the file
   */
  public static IssueFile read(Path file) {
    List<String> lines = lines(file);
    int end = lines.subList(Math.min(1, lines.size()), lines.size()).indexOf(FENCE) + 1;
    if (lines.isEmpty() || !lines.get(0).equals(FENCE) || end == 0) {
      throw new SettingsException(file + " has no front matter" + EXAMPLE);
    }
    FrontMatter frontMatter = new SettingsReader(Map.of(), Map.of(), file + ": front matter", secret -> {})
        .withOverrides(parse(file, String.join("\n", lines.subList(1, end)))) // a reference in an issue is plain text
        .bind(FrontMatter.class);
    List<Path> attachments = frontMatter.attachments().stream()
        .map(each -> file.toAbsolutePath().resolveSibling(each).normalize()).toList();
    List<String> missing = attachments.stream().filter(each -> !Files.isRegularFile(each))
        .map(each -> file + ": front matter.attachments: there is no file " + each
            + "; paths are relative to the issue's file")
        .toList();
    if (!missing.isEmpty()) {
      throw new SettingsException(missing);
    }
    return new IssueFile(frontMatter, String.join("\n", lines.subList(end + 1, lines.size())).strip(), attachments);
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readString(file).replaceFirst("^\uFEFF", "").lines().map(String::stripTrailing).toList();
    } catch (NoSuchFileException missing) {
      throw new SettingsException("there is no file " + file + ": name a Markdown file with an issue");
    } catch (IOException unreadable) {
      throw new SettingsException(file + " can't be read as UTF-8 text (" + unreadable + "): name a Markdown file");
    }
  }

  private static Map<String, Object> parse(Path file, String yaml) {
    try {
      Map<String, Object> written = YAML.readValue(yaml, new TypeReference<LinkedHashMap<String, Object>>() {
      });
      return written == null ? Map.of() : written;
    } catch (JsonProcessingException malformed) {
      int line = malformed.getLocation() == null ? 1 : malformed.getLocation().getLineNr() + 1;
      throw new SettingsException(yaml.isBlank()
          ? file + " has no title in its front matter" + EXAMPLE
          : file + ":" + line + ": the front matter is not a valid YAML map: "
              + malformed.getOriginalMessage().lines().findFirst().orElse(""));
    }
  }
}
