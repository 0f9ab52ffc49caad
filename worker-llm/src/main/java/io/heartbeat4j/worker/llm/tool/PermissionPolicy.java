package io.heartbeat4j.worker.llm.tool;

import io.heartbeat4j.worker.llm.tool.PermissionRule.Decision;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Decides which calls the model may make. Of all matching rules the strictest holds: deny, then ask, then allow. Where
 * none fits, a tool says itself whether it is allowed.
 */
public final class PermissionPolicy {

  private static final Pattern COMPOUND = Pattern.compile("[;&|<>$`\\n\\r(){}]");
  private static final Pattern SEPARATORS = Pattern.compile("[;&|\\n\\r(){}`]|\\$\\(");

  /** Files that other people's tools run by themselves. */
  private static final List<PermissionRule> ALWAYS = Stream.of(
      "deny write .git/*", "deny edit .git/*", "deny write */.git/*", "deny edit */.git/*").map(PermissionRule::of)
      .toList();

  private final List<PermissionRule> rules;

  private PermissionPolicy(List<PermissionRule> rules) {
    this.rules = rules;
  }

  /**
   * The rules of these lines, after those that always hold.
   *
   * @throws IllegalArgumentException if a line is not a rule
   */
  public static PermissionPolicy of(List<String> lines) {
    return new PermissionPolicy(Stream.concat(ALWAYS.stream(), lines.stream().map(PermissionRule::of)).toList());
  }

  /** What is to become of a call. */
  public sealed interface Verdict {
    record Allowed() implements Verdict {}

    record AskFirst(String rule) implements Verdict {}

    record Denied(String why) implements Verdict {}
  }

  public Verdict decide(Tool tool, String subject) {
    Decision strictest = null;
    String why = "";
    for (PermissionRule permissionRule : rules) {
      if (permissionRule.appliesTo(tool.name()) && fits(permissionRule, tool, subject)
          && (strictest == null || permissionRule.decision().compareTo(strictest) > 0)) {
        strictest = permissionRule.decision();
        why = permissionRule.source();
      }
    }
    if (strictest == null) {
      return tool.isAllowedByDefault()
          ? new Verdict.Allowed()
          : new Verdict.Denied("the operator has no rule that allows it, such as 'allow " + tool.name() + " ...'");
    }
    return switch (strictest) {
      case ALLOW -> new Verdict.Allowed();
      case ASK -> new Verdict.AskFirst(why);
      case DENY -> new Verdict.Denied("the operator's rule '" + why + "' is against it");
    };
  }

  /**
   * A pattern that allows a command allows that command alone: a line with pipes, redirections, substitutions or
   * several commands is allowed by a rule without a pattern only. A pattern against a command fits where any part does.
   */
  private static boolean fits(PermissionRule permissionRule, Tool tool, String subject) {
    if (permissionRule.subject().isEmpty()) {
      return true;
    }
    String pattern = permissionRule.subject().get();
    if (!tool.name().equals("run") || !COMPOUND.matcher(subject).find()) {
      return PermissionRule.matches(pattern, subject.strip());
    }
    if (permissionRule.decision() == Decision.ALLOW) {
      return pattern.matches("\\*+");
    }
    if (PermissionRule.matches(pattern, subject.strip())) {
      return true;
    }
    for (String part : SEPARATORS.split(subject)) {
      if (PermissionRule.matches(pattern, part.strip())) {
        return true;
      }
    }
    return false;
  }
}
