package io.heartbeat4j.worker.llm.tool;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What was really done, as against what the model says was done. For one thread. */
public final class Deeds {

  private static final int MOST_LINES = 20;
  private static final int MOST_WIDTH = 120;

  private final Map<String, Integer> changes = new LinkedHashMap<>();
  private final List<String> denied = new ArrayList<>();
  private int worked;

  /** @param earlier how many calls worked in earlier heartbeats of the issue */
  public Deeds(int earlier) {
    this.worked = earlier;
  }

  void add(Tool tool, String subject, Answer answer) {
    switch (answer) {
      case Answer.Failed failed -> { }
      case Answer.Ended ended -> { }
      case Answer.Told told -> did(tool, subject);
      case Answer.Data data -> did(tool, subject);
    }
  }

  private void did(Tool tool, String subject) {
    worked++;
    if (tool.effect() == Tool.Effect.CHANGES) {
      changes.merge(line(tool, subject), 1, Integer::sum);
    }
  }

  void denied(Tool tool, String subject) {
    denied.add(line(tool, subject));
  }

  /** Whether any tool was used with success, in this heartbeat or an earlier one of the issue. */
  public boolean isAny() {
    return worked > 0;
  }

  /** As a list for a person. */
  public String words() {
    List<String> lines = new ArrayList<>();
    changes.forEach((line, times) -> lines.add("- " + line + (times > 1 ? " (" + times + " times)" : "")));
    denied.forEach(line -> lines.add("- not permitted: " + line));
    if (lines.isEmpty()) {
      return worked == 0 ? "- nothing was done" : "- things were read, nothing was changed";
    }
    int left = lines.size() - MOST_LINES;
    return lines.stream().limit(MOST_LINES).collect(Collectors.joining("\n")) + (left > 0 ? "\n- and " + left + " more" : "");
  }

  private static String line(Tool tool, String subject) {
    String line = subject.strip().replaceAll("\\s+", " ");
    String shown = line.length() > MOST_WIDTH ? line.substring(0, MOST_WIDTH) + "..." : line;
    return tool.name() + (shown.isEmpty() ? "" : " `" + shown.replace('`', '\'') + "`");
  }
}
