package io.heartbeat4j.worker.llm.tool;

import java.util.HashMap;
import java.util.Map;

/** Detects a model that repeats the same call with nothing changed in between. For one thread. */
public final class RepeatedCallDetector {

  private final int most;
  private final Map<String, Integer> calls = new HashMap<>();
  private int refused;

  public RepeatedCallDetector(int most) {
    this.most = most;
  }

  boolean mayCall(Tool tool, ToolArguments toolArguments) {
    String call = tool.name() + " " + toolArguments.canonical();
    if (tool.effect() == Tool.Effect.CHANGES && !calls.containsKey(call)) {
      calls.clear();
    }
    if (calls.merge(call, 1, Integer::sum) > most) {
      refused++;
      return false;
    }
    return true;
  }

  /** Whether a call was refused, and the model went on to repeat itself. */
  boolean isStuck() {
    return refused > 1;
  }
}
