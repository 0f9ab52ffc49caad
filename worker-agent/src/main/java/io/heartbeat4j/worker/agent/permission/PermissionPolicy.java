package io.heartbeat4j.worker.agent.permission;

import io.heartbeat4j.worker.agent.permission.PermissionRule.Decision;
import java.util.List;
import java.util.Locale;
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
    Decision strictest = null;
    String why = "";
    boolean named = false;
    for (PermissionRule permissionRule : rules) {
      if (permissionRule.appliesTo(tool) && fits(permissionRule, tool, subject)) {
        named |= permissionRule.names(fileName(subject));
        if (strictest == null || permissionRule.decision().compareTo(strictest) > 0) {
          strictest = permissionRule.decision();
          why = permissionRule.source();
        }
      }
    }
    if (!named && WRITERS.contains(tool) && isInstructions(subject)) {
      return new Verdict.Denied("it instructs agents, and no rule of the operator names it, such as 'allow "
          + tool + " " + subject + "'");
    }
    if (strictest == null) {
      return allowedByDefault
          ? new Verdict.Allowed()
          : new Verdict.Denied("the operator has no rule that allows it, such as 'allow " + tool + " ...'");
    }
    return switch (strictest) {
      case ALLOW -> new Verdict.Allowed();
      case ASK -> new Verdict.AskFirst(why);
      case DENY -> new Verdict.Denied("the operator's rule '" + why + "' is against it");
    };
  }

  private boolean isInstructions(String subject) {
    return INSTRUCTIONS.contains(fileName(subject).toLowerCase(Locale.ROOT)) || instructions.contains(subject);
  }

  private static String fileName(String subject) {
    return subject.substring(subject.lastIndexOf('/') + 1);
  }

  private static boolean fits(PermissionRule permissionRule, String tool, String subject) {
    return permissionRule.subject().map(pattern -> {
      if (!tool.equals("run")) {
        return PermissionRule.matches(pattern, subject.strip());
      }
      CommandPattern command = new CommandPattern(pattern);
      return permissionRule.decision() == Decision.ALLOW ? command.allows(subject) : command.isAbout(subject);
    }).orElse(true);
  }
}
