package io.heartbeat4j.worker.llm.tool.file;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.heartbeat4j.worker.llm.tool.Answer;
import io.heartbeat4j.worker.llm.tool.Arguments;
import io.heartbeat4j.worker.llm.tool.Schema;
import io.heartbeat4j.worker.llm.tool.Tool;
import io.heartbeat4j.worker.llm.tool.ToolFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Finds lines in files.
 *
 * @param mayRead whether a file may be read, by its place; what may not be read is not found either
 */
public record Grep(Workspace workspace, Predicate<String> mayRead) implements Tool {

  private static final int MOST = 200;
  private static final int WIDTH = 240;
  private static final int MOST_BYTES = 1_000_000;
  private static final Duration LONGEST = Duration.ofSeconds(20);

  @Override
  public ToolSpecification specification() {
    return Schema.of("grep", "Finds the lines of the workspace's files that a regular expression fits.")
        .text("pattern", "a Java regular expression")
        .optionalText("path", "a file or directory, relative to the workspace")
        .optionalText("files", "which files, such as **/*.java")
        .optionalFlag("ignore_case", "whether upper and lower case are the same")
        .build();
  }

  @Override
  public Effect effect() {
    return Effect.READS;
  }

  @Override
  public String subject(Arguments arguments) {
    return FileSubject.of(workspace, arguments);
  }

  @Override
  public Answer call(Arguments arguments) throws IOException, ToolFailure {
    Pattern pattern = pattern(arguments);
    PathMatcher files = arguments.optionalText("files").isPresent()
        ? Glob.matcher(arguments.text("files"))
        : path -> true;
    Path place = workspace.place(arguments.optionalText("path").orElse("."));
    if (!Files.exists(workspace.root().resolve(place))) {
      throw new ToolFailure("there is no " + place);
    }
    List<String> lines = new ArrayList<>();
    long until = System.nanoTime() + LONGEST.toNanos();
    try {
      Walk.through(workspace, place, Integer.MAX_VALUE, (path, attributes) -> {
        if (isWorth(attributes) && files.matches(path) && mayRead.test(path.toString())) {
          find(pattern, path, until, lines);
        }
        return lines.size() < MOST;
      });
    } catch (BoundedText.TooLong endless) {
      throw new ToolFailure("the search took too long; use a simpler pattern, or fewer files");
    }
    return lines.isEmpty()
        ? new Answer.Told("No line fits.")
        : new Answer.Data("lines of files", String.join("\n", lines) + (lines.size() >= MOST ? "\n(and more)" : ""));
  }

  private static Pattern pattern(Arguments arguments) throws ToolFailure {
    try {
      return Pattern.compile(arguments.text("pattern"), arguments.flag("ignore_case") ? Pattern.CASE_INSENSITIVE : 0);
    } catch (PatternSyntaxException wrong) {
      throw new ToolFailure("'" + wrong.getPattern() + "' is not a regular expression: " + wrong.getDescription());
    }
  }

  private static boolean isWorth(BasicFileAttributes attributes) {
    return attributes.isRegularFile() && attributes.size() <= MOST_BYTES;
  }

  private void find(Pattern pattern, Path path, long until, List<String> lines) {
    String text;
    try {
      text = Texts.read(workspace, path);
    } catch (IOException | ToolFailure noText) {
      return;
    }
    int number = 0;
    for (String line : text.split("\n", -1)) {
      number++;
      if (lines.size() < MOST && pattern.matcher(new BoundedText(line, until)).find()) {
        String shown = line.strip();
        lines.add(path + ":" + number + ": " + (shown.length() > WIDTH ? shown.substring(0, WIDTH) + "..." : shown));
      }
    }
  }
}
