package io.heartbeat4j.worker.llm.tool.file;

import io.heartbeat4j.worker.llm.tool.ToolArguments;
import io.heartbeat4j.worker.agent.ToolCallException;
import io.heartbeat4j.worker.llm.tool.ToolSpecificationBuilder;
import java.util.ArrayList;
import java.util.List;

/** A part of a long list, and where the next one begins. For one thread. */
final class ResultPage {

  private final int first;
  private final int most;
  private final List<String> lines = new ArrayList<>();
  private int seen;

  private ResultPage(int first, int most) {
    this.first = first;
    this.most = most;
  }

  /** The page that a call asks for. */
  static ResultPage of(ToolArguments toolArguments, int most) throws ToolCallException {
    return new ResultPage(toolArguments.number("from", 1, 1, Integer.MAX_VALUE - most - 1), most);
  }

  static ToolSpecificationBuilder argument(ToolSpecificationBuilder specification) {
    return specification.optionalNumber("from", "the first line to show of a long result, 1 unless given");
  }

  void add(String line) {
    seen++;
    if (seen >= first && lines.size() < most) {
      lines.add(line);
    }
  }

  /** Whether more lines change nothing: it is known that there is a next page. */
  boolean isComplete() {
    return seen >= first + most;
  }

  boolean isEmpty() {
    return lines.isEmpty();
  }

  /** The lines, and what is before and after them. */
  String text() {
    int next = first + lines.size();
    return String.join("\n", lines)
        + (seen >= next ? "\n(there is more: set 'from' to " + next + ")" : first > 1 ? "\n(that is all)" : "");
  }
}
