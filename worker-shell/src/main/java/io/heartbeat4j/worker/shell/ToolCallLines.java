package io.heartbeat4j.worker.shell;

import io.heartbeat4j.worker.CurrentRun;
import java.util.List;

/**
 * Shows a program's tool calls and the beginnings of their results in the run's log, in the words of all workers. A result
 * is marked by a bar, since Paperclip's pages drop spaces at the beginning of a line.
 */
record ToolCallLines(CurrentRun run) {

  private static final int MOST_LINES = 10;
  private static final int WIDTH = 300;

  void command(String command) {
    show("$ " + firstLine(command));
  }

  void call(String name, String subject) {
    show(("> " + name + " " + firstLine(subject)).strip());
  }

  /** The program's own words. */
  void text(String text) {
    text.lines().filter(line -> !line.isBlank()).forEach(run::reportProgress);
  }

  void result(String output) {
    List<String> lines = output.lines().filter(line -> !line.isBlank()).toList();
    lines.stream().limit(MOST_LINES).forEach(line -> show("| " + line));
    if (lines.size() > MOST_LINES) {
      show("| (" + (lines.size() - MOST_LINES) + " more lines)");
    }
  }

  void failed(String why) {
    show("failed: " + firstLine(why));
  }

  void exit(long code) {
    show("exit code " + code);
  }

  private void show(String line) {
    run.reportProgress(line.length() > WIDTH ? line.substring(0, WIDTH) + "..." : line);
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }
}
