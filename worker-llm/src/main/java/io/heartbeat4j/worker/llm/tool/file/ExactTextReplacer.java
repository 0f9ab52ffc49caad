package io.heartbeat4j.worker.llm.tool.file;

import io.heartbeat4j.worker.agent.ToolCallException;

/** An exact change of a text: what is replaced is there, and once. Pure. */
final class ExactTextReplacer {

  private ExactTextReplacer() {}

  /** A changed text, and where the (first) change begins and ends in it. */
  record Result(String text, int from, int to, int times) {}

  /**
   * Replaces {@code old}.
   *
   * @param all whether it may be there several times
   * @throws ToolCallException if it is not there, or several times where it should be there once
   */
  static Result replace(String text, String old, String replacement, boolean all) throws ToolCallException {
    if (old.isEmpty()) {
      throw new ToolCallException("'old' is empty; to write a new file, use write");
    }
    if (old.equals(replacement)) {
      throw new ToolCallException("'old' and 'new' are the same");
    }
    int first = text.indexOf(old);
    if (first < 0) {
      if (text.contains("\r\n") && old.contains("\n") && !old.contains("\r")) {
        return replace(text, old.replace("\n", "\r\n"), replacement.replace("\n", "\r\n"), all);
      }
      throw new ToolCallException(
          "'old' is not in the file. It has to be copied exactly, without the line numbers" + hint(text, old));
    }
    int times = count(text, old);
    if (times > 1 && !all) {
      throw new ToolCallException(
          "'old' is " + times + " times in the file. Take in more of the lines around it, or set 'all'");
    }
    return new Result(text.replace(old, replacement), first, first + replacement.length(), times);
  }

  /** As {@link String#replace} counts: left to right, without overlaps. */
  private static int count(String text, String old) {
    int times = 0;
    for (int at = text.indexOf(old); at >= 0; at = text.indexOf(old, at + old.length())) {
      times++;
    }
    return times;
  }

  private static String hint(String text, String old) {
    String line = old.strip().lines().findFirst().orElse("").strip();
    int at = line.isEmpty() ? -1 : text.indexOf(line);
    return at < 0 ? ""
        : "; its first line is there at line " + text.substring(0, at).lines().count()
            + ", so look at the spaces and at what follows";
  }
}
