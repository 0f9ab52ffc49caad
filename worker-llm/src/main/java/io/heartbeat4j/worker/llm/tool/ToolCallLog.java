package io.heartbeat4j.worker.llm.tool;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Log of the calls that were executed, as opposed to what the model says was done. For one thread. */
public final class ToolCallLog {

  private static final int MOST_LINES = 20;
  private static final int MOST_WIDTH = 120;

  private final Map<String, Integer> changes = new LinkedHashMap<>();
  private final List<String> denied = new ArrayList<>();
  private int succeeded;

  /** @param earlier how many calls worked in earlier heartbeats of the issue */
  public ToolCallLog(int earlier) {
    this.succeeded = earlier;
  }

  void add(Tool tool, String subject, ToolResult toolResult) {
    switch (toolResult) {
      case ToolResult.Failed failed -> {
      }
      case ToolResult.WorkEnded workEnded -> {
      }
      case ToolResult.TrustedText trustedText -> countSuccess(tool, subject);
      case ToolResult.UntrustedText untrustedText -> countSuccess(tool, subject);
    }
  }

  private void countSuccess(Tool tool, String subject) {
    if (tool.effect() == Tool.Effect.ENDS) {
      return;
    }
    succeeded++;
    if (tool.effect() == Tool.Effect.CHANGES) {
      changes.merge(line(tool, subject), 1, Integer::sum);
    }
  }

  void denied(Tool tool, String subject) {
    denied.add(line(tool, subject));
  }

  /** Whether any tool was used with success, in this heartbeat or an earlier one of the issue. */
  public boolean hasSuccess() {
    return succeeded > 0;
  }

  /** As a list for a person. */
  public String describe() {
    List<String> lines = new ArrayList<>();
    changes.forEach((line, times) -> lines.add("- " + line + (times > 1 ? " (" + times + " times)" : "")));
    denied.forEach(line -> lines.add("- not permitted: " + line));
    if (lines.isEmpty()) {
      return succeeded == 0 ? "- nothing was done" : "- things were read, nothing was changed";
    }
    int left = lines.size() - MOST_LINES;
    return lines.stream().limit(MOST_LINES).collect(Collectors.joining("\n"))
        + (left > 0 ? "\n- and " + left + " more" : "");
  }

  private static String line(Tool tool, String subject) {
    String line = subject.strip().replaceAll("\\s+", " ");
    String shown = line.length() > MOST_WIDTH ? line.substring(0, MOST_WIDTH) + "..." : line;
    return tool.name() + (shown.isEmpty() ? "" : " `" + shown.replace('`', '\'') + "`");
  }
}
