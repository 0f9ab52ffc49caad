package io.heartbeat4j.worker.llm.tool;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Detects a model that repeats the same call, gets the same result, and changes nothing in between. A call that takes
 * its time waits for something, and is no repetition: it may be made again and again. For one thread.
 */
public final class RepeatedCallDetector {

  private static final Duration SLOW = Duration.ofSeconds(5);

  private record Repeated(String result, int times) {}

  private final int most;
  private final Clock clock;
  private final Map<String, Repeated> calls = new HashMap<>();
  private Instant began = Instant.EPOCH;
  private int refused;

  public RepeatedCallDetector(int most, Clock clock) {
    this.most = most;
    this.clock = clock;
  }

  /** Asked before a call. */
  boolean mayCall(Tool tool, ToolArguments toolArguments) {
    began = clock.instant();
    Repeated repeated = calls.get(key(tool, toolArguments));
    if (repeated != null && repeated.times() >= most) {
      refused++;
      return false;
    }
    return true;
  }

  /** Told after it. How often the work may end with red checks has a limit of its own. */
  void add(Tool tool, ToolArguments toolArguments, ToolResult result) {
    if (tool.effect() == Tool.Effect.ENDS && !(result instanceof ToolResult.Failed)) {
      return;
    }
    String call = key(tool, toolArguments);
    Repeated before = calls.get(call);
    if (before == null && tool.effect() == Tool.Effect.CHANGES) {
      calls.clear();
    }
    boolean slow = Duration.between(began, clock.instant()).compareTo(SLOW) >= 0;
    int times = before != null && before.result().equals(result.text()) ? before.times() + 1 : 1;
    calls.put(call, new Repeated(result.text(), slow ? 0 : times));
  }

  private static String key(Tool tool, ToolArguments toolArguments) {
    return tool.name() + " " + toolArguments.canonical();
  }

  /** Whether a call was refused, and the model went on to repeat itself. */
  boolean isStuck() {
    return refused > 1;
  }
}
