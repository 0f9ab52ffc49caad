package io.heartbeat4j.worker.llm.tool.file;

import io.heartbeat4j.worker.agent.file.ConfinedWorkspace;
import io.heartbeat4j.worker.agent.file.Utf8FileAccess;
import com.google.re2j.Pattern;
import dev.langchain4j.agent.tool.ToolSpecification;
import io.heartbeat4j.worker.agent.TextTruncator;
import io.heartbeat4j.worker.llm.tool.ToolArguments;
import io.heartbeat4j.worker.agent.ToolCallException;
import io.heartbeat4j.worker.llm.tool.ToolResult;
import io.heartbeat4j.worker.llm.tool.ToolSpecificationBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Finds lines in files.
 *
 * @param mayRead whether a file may be read, by its place; what may not be read is not found either
 */
public record GrepTool(ConfinedWorkspace workspace, Predicate<String> mayRead) implements FileTool {

  private static final int MOST = 200;
  private static final int WIDTH = 240;
  private static final int MOST_SKIPPED = 10;
  private static final Duration LONGEST = Duration.ofSeconds(20);

  @Override
  public ToolSpecification specification() {
    return ResultPage.argument(ToolSpecificationBuilder
        .of("grep", "Finds the lines of the workspace's files that a regular expression fits, as path:line: text.")
        .text("pattern", "a regular expression in the syntax of RE2, without look-around and back-references")
        .optionalText("path", "a file or directory, relative to the workspace")
        .optionalText("files", "which files, such as **/*.java")
        .optionalFlag("ignore_case", "whether upper and lower case are the same")
        .optionalFlag("ignored", "also searches what .gitignore names"))
        .build();
  }

  @Override
  public ToolResult call(ToolArguments toolArguments) throws IOException, ToolCallException {
    Pattern pattern = SafePattern.regex(toolArguments.text("pattern"), toolArguments.flag("ignore_case"));
    Pattern files = SafePattern.glob(toolArguments.optionalText("files").orElse("**"));
    Path place = workspace.resolve(toolArguments.optionalText("path").orElse("."));
    if (!Files.exists(workspace.root().resolve(place))) {
      throw new ToolCallException("there is no " + place);
    }
    WorkspaceListing listing = WorkspaceListing.of(workspace, place, Integer.MAX_VALUE, toolArguments.flag("ignored"));
    ResultPage page = ResultPage.of(toolArguments, MOST);
    List<String> skipped = new ArrayList<>();
    long until = System.nanoTime() + LONGEST.toNanos();
    try {
      for (WorkspaceListing.Entry entry : listing.entries()) {
        String path = entry.path().toString();
        if (!page.isComplete() && entry.attributes().isRegularFile() && files.matches(path) && mayRead.test(path)) {
          find(pattern, entry.path(), until, page, skipped);
        }
      }
    } catch (TimeoutCharSequence.TimedOut endless) {
      throw new ToolCallException("the search took too long; use a simpler pattern, or fewer files");
    }
    String note = note(skipped) + listing.note();
    if (!page.isEmpty()) {
      return new ToolResult.UntrustedText("lines of files", page.text() + note);
    }
    return note.isEmpty() ? new ToolResult.TrustedText("No line fits.")
        : new ToolResult.UntrustedText("the search", "No line fits." + note);
  }

  private void find(Pattern pattern, Path path, long until, ResultPage page, List<String> skipped) {
    String text;
    try {
      text = Utf8FileAccess.read(workspace, path);
    } catch (IOException | ToolCallException noText) {
      skipped.add(noText instanceof ToolCallException why ? String.valueOf(why.getMessage())
          : path + " can't be read");
      return;
    }
    int number = 0;
    for (String line : text.split("\n", -1)) {
      number++;
      if (!page.isComplete() && pattern.matcher(new TimeoutCharSequence(line, until)).find()) {
        page.add(path + ":" + number + ": " + TextTruncator.cutEnd(line.strip(), WIDTH));
      }
    }
  }

  private static String note(List<String> skipped) {
    return skipped.isEmpty() ? ""
        : "\n(not searched: " + String.join("; ", skipped.subList(0, Math.min(MOST_SKIPPED, skipped.size())))
            + (skipped.size() > MOST_SKIPPED ? "; and " + (skipped.size() - MOST_SKIPPED) + " more" : "") + ")";
  }
}
