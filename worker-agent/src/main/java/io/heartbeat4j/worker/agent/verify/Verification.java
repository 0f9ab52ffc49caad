package io.heartbeat4j.worker.agent.verify;

import static java.util.stream.Collectors.joining;

import io.heartbeat4j.worker.agent.TextTruncator;
import io.heartbeat4j.worker.agent.command.WorkspaceShell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The checks of one issue's work. They are run by the runtime: once before the first change, to know what was red
 * already, and each time the model says that the issue is done. For one thread.
 */
public final class Verification {

  private static final int MOST_OUTPUT = 6000;

  private final VerificationPlan plan;
  private final WorkspaceShell shell;
  private final Duration longest;
  private final int mostCorrections;
  private final Clock clock;
  private final Path file;
  private Optional<Baseline> baseline;
  private List<Check> checks = List.of();
  private int corrections;

  /** @param directory where the baseline is kept for the later heartbeats */
  public Verification(VerificationPlan plan, WorkspaceShell shell, Duration longest, int mostCorrections, Clock clock,
      Path directory) {
    this.plan = plan;
    this.shell = shell;
    this.longest = longest;
    this.mostCorrections = mostCorrections;
    this.clock = clock;
    this.file = directory.resolve("baseline.json");
    this.baseline = Baseline.read(file);
  }

  /** Takes the baseline, before the first change. */
  public void beforeChange() throws IOException, InterruptedException {
    if (baseline.isEmpty()) {
      Map<String, Integer> exitCodes = new HashMap<>();
      for (Check check : runAll("before the work: ")) {
        exitCodes.put(check.command(), check.result().exitCode());
      }
      Baseline taken = new Baseline(WorkspaceChanges.head(shell), exitCodes);
      taken.write(file);
      baseline = Optional.of(taken);
    }
  }

  /**
   * Runs the checks.
   *
   * @return what the model has to mend; empty where all is green, or where it has had its chances
   */
  public Optional<String> verify() throws IOException, InterruptedException {
    checks = runAll("");
    if (!isRed() || corrections++ >= mostCorrections) {
      return Optional.empty();
    }
    return Optional.of(checks.stream().filter(check -> !check.isGreen())
        .map(check -> check.line() + "\n" + TextTruncator.cutMiddle(check.result().output(), MOST_OUTPUT))
        .collect(joining("\n\n")));
  }

  /** Whether a check of the last run is red. */
  public boolean isRed() {
    return checks.stream().anyMatch(check -> !check.isGreen());
  }

  private List<Check> runAll(String when) throws IOException, InterruptedException {
    List<Check> all = new ArrayList<>();
    for (String command : plan.commands()) {
      shell.context().run().reportProgress("verify " + when + command + plan.origin(command));
      Instant began = clock.instant();
      WorkspaceShell.Result result = shell.run(command, longest);
      Check check = new Check(command, result, Duration.between(began, clock.instant()),
          baseline.map(before -> before.exitCodes().get(command)));
      shell.context().run().reportProgress("verify " + when + check.line());
      all.add(check);
    }
    return all;
  }

  /** Whether there is anything to tell: a check, or a change. */
  public boolean hasEvidence() {
    return !checks.isEmpty() || baseline.isPresent();
  }

  /** What was checked and changed, for the comment. */
  public String report() throws IOException, InterruptedException {
    String verified = checks.isEmpty() ? "**Not verified**: " + plan.whyNothing()
        : (isRed() ? "**Verified by the runtime, and red**:\n" : "**Verified by the runtime**:\n")
            + checks.stream().map(Check::line).collect(joining("\n"));
    String changed = baseline.isEmpty() ? "**Changed**: no tool has changed a file"
        : WorkspaceChanges.describe(shell, baseline.get().commit());
    return verified + "\n\n" + changed + plan.notRun().map(line -> "\n\n**Not checked**: " + line).orElse("");
  }

  /** The issue is done: later work on it begins with a baseline of its own. */
  public void forget() throws IOException {
    Files.deleteIfExists(file);
  }
}
