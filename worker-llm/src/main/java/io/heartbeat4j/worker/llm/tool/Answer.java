package io.heartbeat4j.worker.llm.tool;

import io.heartbeat4j.worker.WorkResult;

/** What came of a tool's call. */
public sealed interface Answer {

  /** What the model is told. */
  String text();

  /** The plugin's own words. */
  record Told(String text) implements Answer {}

  /**
   * Words of files, programs and other people: data.
   *
   * @param source where they are from, such as {@code file src/Main.java}
   */
  record Data(String source, String text) implements Answer {}

  /** The call was not done, or did not work. */
  record Failed(String text) implements Answer {}

  /** The work is over. */
  record Ended(WorkResult result) implements Answer {
    @Override
    public String text() {
      return "The heartbeat ends here.";
    }
  }
}
