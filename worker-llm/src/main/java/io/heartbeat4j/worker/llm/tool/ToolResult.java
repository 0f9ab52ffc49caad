package io.heartbeat4j.worker.llm.tool;

import io.heartbeat4j.worker.WorkResult;

/** The result of a tool call. */
public sealed interface ToolResult {

  /** What the model is told. */
  String text();

  /** The plugin's own words. */
  record TrustedText(String text) implements ToolResult {}

  /**
   * Words of files, programs and other people: data.
   *
   * @param source where they are from, such as {@code file src/Main.java}
   */
  record UntrustedText(String source, String text) implements ToolResult {}

  /**
   * The call was not done, or did not work.
   *
   * @param text the plugin's own words
   * @param details what was found on the way, which others may have written: data; empty where there is nothing
   */
  record Failed(String text, String details) implements ToolResult {
    public Failed(String text) {
      this(text, "");
    }
  }

  /** The work is over. */
  record WorkEnded(WorkResult result) implements ToolResult {
    @Override
    public String text() {
      return "The heartbeat ends here.";
    }
  }
}
