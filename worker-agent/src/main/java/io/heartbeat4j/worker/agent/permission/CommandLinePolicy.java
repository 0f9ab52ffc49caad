package io.heartbeat4j.worker.agent.permission;

import io.heartbeat4j.worker.agent.permission.PermissionRule.Decision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;

/**
 * Whether rules allow a command line: each of its simple commands needs a rule for {@code run} that allows it, and each
 * file of a redirection one for {@code read} or {@code write}, since the shell opens it without the file tools' checks.
 *
 * @param rules the operator's rules; those that allow {@code run} count
 * @param mayOpen whether a rule allows a tool, {@code read} or {@code write}, on a path
 */
record CommandLinePolicy(List<PermissionRule> rules, BiPredicate<String, String> mayOpen) {

  /** Programs after which a relative path is another one. */
  private static final Set<String> MOVING = Set.of("cd", "pushd", "popd");
  private static final int SHOWN = 80;

  /**
   * A command or a file of the line.
   *
   * @param allowedBy the rule
   * @param otherwise why it is not allowed, and what would allow it
   */
  record Part(String source, Optional<String> allowedBy, String otherwise) {}

  /** The parts in the order in which the shell starts them. */
  List<Part> judge(String line) {
    return switch (ShellLine.split(line)) {
      case ShellLine.Result.NotSplit not -> List.of(new Part(shown(not.part()), Optional.empty(),
          "it " + not.why() + "; only 'allow run' allows that"));
      case ShellLine.Result.Commands split -> {
        boolean moves = split.commands().stream().anyMatch(command -> MOVING.contains(command.words().get(0).text()));
        List<Part> parts = new ArrayList<>();
        for (ShellLine.SimpleCommand command : split.commands()) {
          parts.add(judge(command));
          command.redirections().forEach(redirection -> parts.add(judge(redirection, moves)));
        }
        yield parts;
      }
    };
  }

  private Part judge(ShellLine.SimpleCommand command) {
    Optional<String> allowing = rules.stream()
        .filter(rule -> rule.decision() == Decision.ALLOW && rule.appliesTo("run"))
        .filter(rule -> rule.subject().map(pattern -> new CommandPattern(pattern).allows(command.words())).orElse(true))
        .map(PermissionRule::source).findFirst();
    return new Part(shown(command.source()), allowing, "no rule allows it; one such as 'allow run "
        + command.words().get(0).text() + " *' would");
  }

  private Part judge(ShellLine.Redirection redirection, boolean moves) {
    String tool = redirection.writes() ? "write" : "read";
    String file = redirection.file();
    String source = (redirection.writes() ? "> " : "< ") + file;
    if (moves || file.startsWith("/") || file.startsWith("~") || Arrays.asList(file.split("/")).contains("..")) {
      return new Part(shown(source), Optional.empty(),
          "a redirection has to name a file below the workspace, in a line without cd");
    }
    return new Part(shown(source), mayOpen.test(tool, file) ? Optional.of(tool + " " + file) : Optional.empty(),
        "no rule allows to " + tool + " it; one such as 'allow " + tool + " " + file + "' would");
  }

  private static String shown(String source) {
    String oneLine = source.replaceAll("\\s+", " ");
    return oneLine.length() > SHOWN ? oneLine.substring(0, SHOWN) + "..." : oneLine;
  }
}
