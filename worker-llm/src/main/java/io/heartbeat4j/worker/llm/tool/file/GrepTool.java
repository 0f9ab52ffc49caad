package io.heartbeat4j.worker.llm.tool.file;

import com.google.re2j.Pattern;
import dev.langchain4j.agent.tool.ToolSpecification;
import io.heartbeat4j.worker.llm.tool.Tool;
import io.heartbeat4j.worker.llm.tool.ToolArguments;
import io.heartbeat4j.worker.llm.tool.ToolCallException;
import io.heartbeat4j.worker.llm.tool.ToolResult;
import io.heartbeat4j.worker.llm.tool.ToolSpecificationBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Finds lines in files.
 *
 * @param mayRead whether a file may be read, by its place; what may not be read is not found either
 */
public record GrepTool(ConfinedWorkspace workspace, Predicate<String> mayRead) implements Tool {

  private static final int MOST = 200;
  private static final int WIDTH = 240;
  private static final int MOST_BYTES = 1_000_000;
  private static final Duration LONGEST = Duration.ofSeconds(20);

  @Override
  public ToolSpecification specification() {
    return ToolSpecificationBuilder
        .of("grep", "Finds the lines of the workspace's files that a regular expression fits.")
        .text("pattern", "a regular expression in the syntax of RE2, without look-around and back-references")
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
  public String subject(ToolArguments toolArguments) {
    return PermissionPathResolver.resolve(workspace, toolArguments);
  }

  @Override
  public ToolResult call(ToolArguments toolArguments) throws IOException, ToolCallException {
    Pattern pattern = SafePattern.regex(toolArguments.text("pattern"), toolArguments.flag("ignore_case"));
    Pattern files = SafePattern.glob(toolArguments.optionalText("files").orElse("**"));
    Path place = workspace.resolve(toolArguments.optionalText("path").orElse("."));
    if (!Files.exists(workspace.root().resolve(place))) {
      throw new ToolCallException("there is no " + place);
    }
    List<String> lines = new ArrayList<>();
    long until = System.nanoTime() + LONGEST.toNanos();
    try {
      WorkspaceWalker.walk(workspace, place, Integer.MAX_VALUE, (path, attributes) -> {
        if (isSearchable(attributes) && files.matches(path.toString()) && mayRead.test(path.toString())) {
          find(pattern, path, until, lines);
        }
        return lines.size() < MOST;
      });
    } catch (TimeoutCharSequence.TimedOut endless) {
      throw new ToolCallException("the search took too long; use a simpler pattern, or fewer files");
    }
    return lines.isEmpty()
        ? new ToolResult.TrustedText("No line fits.")
        : new ToolResult.UntrustedText("lines of files",
            String.join("\n", lines) + (lines.size() >= MOST ? "\n(and more)" : ""));
  }

  private static boolean isSearchable(BasicFileAttributes attributes) {
    return attributes.isRegularFile() && attributes.size() <= MOST_BYTES;
  }

  private void find(Pattern pattern, Path path, long until, List<String> lines) {
    String text;
    try {
      text = Utf8FileAccess.read(workspace, path);
    } catch (IOException | ToolCallException noText) {
      return;
    }
    int number = 0;
    for (String line : text.split("\n", -1)) {
      number++;
      if (lines.size() < MOST && pattern.matcher(new TimeoutCharSequence(line, until)).find()) {
        String shown = line.strip();
        lines.add(path + ":" + number + ": " + (shown.length() > WIDTH ? shown.substring(0, WIDTH) + "..." : shown));
      }
    }
  }
}
