package io.heartbeat4j.worker.agent.verify;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which commands check the work: those of the settings, else those that the project's files tell of. A detected one
 * runs code of the workspace, which the model may have written, so it is run only where the model may run it too.
 *
 * @param commands to run, in their order
 * @param detected the files that commands were detected by
 * @param refused detected commands that no permission allows
 */
public record VerificationPlan(List<String> commands, Map<String, String> detected, List<String> refused) {

  private static final List<String> OFF = List.of("none");

  /** No checks: for what is not the agent's own work. */
  public static final VerificationPlan NONE = new VerificationPlan(List.of(), Map.of(), List.of());

  /**
   * Decides it for a workspace.
   *
   * @param mayRun whether the model may run a command without asking
   */
  public static VerificationPlan of(List<String> configured, Path workspace, Predicate<String> mayRun)
      throws IOException {
    if (configured.equals(OFF)) {
      return NONE;
    }
    if (!configured.isEmpty()) {
      return new VerificationPlan(configured, Map.of(), List.of());
    }
    Map<String, String> detected = ProjectChecks.detect(workspace);
    return new VerificationPlan(detected.keySet().stream().filter(mayRun).toList(), detected,
        detected.keySet().stream().filter(mayRun.negate()).toList());
  }

  /** In brackets, the file that a command was detected by. */
  String origin(String command) {
    return detected.containsKey(command) ? " (detected: " + detected.get(command) + ")" : "";
  }

  String whyNothing() {
    return "no check is configured" + (refused.isEmpty() ? " and none was detected (see the setting `verify`)"
        : "; see what was not checked");
  }

  /** The detected commands that were not run, and what would let them. */
  Optional<String> notRun() {
    return refused.isEmpty() ? Optional.empty()
        : Optional.of(refused.stream().map(command -> "`" + command + "`" + origin(command)).collect(joining(", "))
            + ", because no permission allows it; name it in the setting `verify`, or add `allow run "
            + refused.get(0) + "`");
  }
}
