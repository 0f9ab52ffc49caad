package io.heartbeat4j.worker.agent.permission;

import io.heartbeat4j.worker.CheckResult;
import io.heartbeat4j.worker.agent.permission.PermissionRule.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Decides which calls the model may make. Of all matching rules the strictest holds: deny, then ask, then allow. Where
 * none fits, a tool says itself whether it is allowed.
 */
public final class PermissionPolicy {

  private static final Set<String> WRITERS = Set.of("write", "edit");

  /** In lower case; other agents' programs obey them too, in every directory. */
  private static final Set<String> INSTRUCTIONS = Set.of("agents.md", "claude.md");

  private final List<PermissionRule> rules;
  private final Set<String> instructions;

  private PermissionPolicy(List<PermissionRule> rules, Set<String> instructions) {
    this.rules = rules;
    this.instructions = Set.copyOf(instructions);
  }

  /**
   * The rules of these lines. Whatever they say, nothing writes into {@code .git}.
   *
   * @throws IllegalArgumentException if a line is not a rule
   */
  public static PermissionPolicy of(List<String> lines) {
    return new PermissionPolicy(lines.stream().map(PermissionRule::of).toList(), Set.of());
  }

  /**
   * The same rules, with further files that instruct an agent: like {@code AGENTS.md} and {@code CLAUDE.md}, they are
   * written only where a rule names them.
   *
   * @param files their places, relative to the workspace
   */
  public PermissionPolicy withInstructions(Set<String> files) {
    return new PermissionPolicy(rules, files);
  }

  /** What is to become of a call. */
  public sealed interface Verdict {
    record Allowed() implements Verdict {}

    record AskFirst(String rule) implements Verdict {}

    record Denied(String why) implements Verdict {}
  }

  /**
   * Decides about a call.
   *
   * @param tool the tool's name in the rules
   * @param allowedByDefault whether it may be called where no rule fits
   * @param subject what the call is about: a path, a command, an address
   */
  public Verdict decide(String tool, boolean allowedByDefault, String subject) {
    if (WRITERS.contains(tool) && GitDirectory.contains(subject)) {
      return new Verdict.Denied("git's own files are never written");
    }
    List<PermissionRule> fitting = rules.stream().filter(rule -> rule.appliesTo(tool) && fits(rule, tool, subject))
        .toList();
    if (WRITERS.contains(tool) && isInstructions(subject)
        && fitting.stream().noneMatch(rule -> rule.names(fileName(subject)))) {
      return new Verdict.Denied("it instructs agents, and no rule of the operator names it, such as 'allow "
          + tool + " " + subject + "'");
    }
    Optional<PermissionRule> strictest = fitting.stream()
        .reduce((one, other) -> other.decision().compareTo(one.decision()) > 0 ? other : one);
    if (strictest.isEmpty()) {
      return allowedByDefault ? new Verdict.Allowed() : withoutRule(tool, subject);
    }
    return switch (strictest.get().decision()) {
      case ALLOW -> new Verdict.Allowed();
      case ASK -> new Verdict.AskFirst(strictest.get().source());
      case DENY -> new Verdict.Denied("the operator's rule '" + strictest.get().source() + "' is against it");
    };
  }

  /** A command line may be allowed by several rules, one for each of its parts. */
  private Verdict withoutRule(String tool, String subject) {
    if (!tool.equals("run")) {
      return new Verdict.Denied("the operator has no rule that allows it, such as 'allow " + tool + " ...'");
    }
    List<CommandLinePolicy.Part> parts = commandLinePolicy().judge(subject);
    return parts.stream().filter(part -> part.allowedBy().isEmpty()).findFirst()
        .<Verdict>map(part -> new Verdict.Denied("`" + part.source() + "`: " + part.otherwise()))
        .orElseGet(() -> parts.isEmpty() ? new Verdict.Denied("there is no command") : new Verdict.Allowed());
  }

  /** What would become of a command line, and why: each of its parts, and the verdict. */
  public List<CheckResult> explain(String commandLine) {
    List<CheckResult> explained = new ArrayList<>();
    for (CommandLinePolicy.Part part : commandLinePolicy().judge(commandLine)) {
      explained.add(part.allowedBy().map(rule -> CheckResult.passed(part.source(), "allowed by '" + rule + "'"))
          .orElseGet(() -> CheckResult.failed(part.source(), "not allowed", part.otherwise())));
    }
    explained.add(switch (decide("run", false, commandLine)) {
      case Verdict.Allowed allowed -> CheckResult.passed("the line", "it is run");
      case Verdict.AskFirst ask -> CheckResult.passed("the line",
          "it is run after a person has accepted it, by '" + ask.rule() + "'");
      case Verdict.Denied denied -> CheckResult.failed("the line", "it is not run", denied.why());
    });
    return explained;
  }

  private CommandLinePolicy commandLinePolicy() {
    return new CommandLinePolicy(rules, (tool, file) -> decide(tool, false, file) instanceof Verdict.Allowed);
  }

  private boolean isInstructions(String subject) {
    return INSTRUCTIONS.contains(fileName(subject).toLowerCase(Locale.ROOT)) || instructions.contains(subject);
  }

  private static String fileName(String subject) {
    return subject.substring(subject.lastIndexOf('/') + 1);
  }

  private static boolean fits(PermissionRule rule, String tool, String subject) {
    return rule.subject().map(pattern -> {
      if (!tool.equals("run")) {
        return PermissionRule.matches(pattern, subject.strip());
      }
      CommandPattern command = new CommandPattern(pattern);
      return rule.decision() == Decision.ALLOW ? command.isAny() : command.isAbout(subject);
    }).orElse(true);
  }
}
