package io.heartbeat4j.worker.agent.permission;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a git command line does beside its subcommand. Git runs programs and writes files for many options, so a rule
 * such as {@code allow run git diff*} means the plain subcommand only.
 */
final class GitCommand {

  /** Options before the subcommand that change nothing. */
  private static final Set<String> HARMLESS = Set.of("--no-pager", "-P", "--no-optional-locks");

  /** Options before the subcommand that have their value in the next word. */
  private static final Set<String> WITH_VALUE = Set.of("-C", "-c", "--git-dir", "--work-tree", "--namespace",
      "--exec-path", "--config-env", "--super-prefix", "--attr-source", "--list-cmds");

  /** Subcommands that {@code git *} allows: without special options they run nothing and write into the repository. */
  private static final Set<String> PLAIN = Set.of("add", "blame", "branch", "cat-file", "checkout", "cherry-pick",
      "commit", "describe", "diff", "fetch", "grep", "log", "ls-files", "ls-tree", "merge", "merge-base", "mv", "pull",
      "push", "reflog", "reset", "restore", "rev-list", "rev-parse", "revert", "rm", "shortlog", "show", "stash",
      "status", "switch", "tag");

  /** Options that run a program, or read or write a file anywhere. Git accepts their beginnings too. */
  private static final List<String> FAR_REACHING = List.of("--output", "--ext-diff", "--textconv", "--exec",
      "--extcmd", "--upload-pack", "--receive-pack", "--open-files-in-pager", "--config", "--template", "--no-index",
      "--contents", "--file", "--pathspec-from-file", "--edit-description", "--strategy", "--tool",
      "--output-directory");

  /** The same in one letter, by subcommand. */
  private static final Map<String, String> FAR_REACHING_LETTERS = Map.of("grep", "Of", "diff", "O", "log", "O", "show",
      "O", "commit", "Ft", "tag", "F", "merge", "Fs", "rebase", "xs", "pull", "s", "archive", "o");

  private GitCommand() {}

  static boolean isGit(String program) {
    return program.equals("git") || program.endsWith("/git");
  }

  /** The words without the options before the subcommand. */
  static List<String> withoutGlobalOptions(List<String> words) {
    List<String> plain = new ArrayList<>(words.subList(0, 1));
    plain.addAll(words.subList(endOfGlobalOptions(words), words.size()));
    return plain;
  }

  private static int endOfGlobalOptions(List<String> words) {
    int at = 1;
    while (at < words.size() && words.get(at).startsWith("-")) {
      at += WITH_VALUE.contains(words.get(at)) ? 2 : 1;
    }
    return Math.min(at, words.size());
  }

  /** Whether an option before the subcommand may give it another meaning, as an alias does. */
  static boolean redefines(List<String> words) {
    return words.subList(1, endOfGlobalOptions(words)).stream()
        .anyMatch(option -> option.startsWith("-c") || option.startsWith("--config-env")
            || option.startsWith("--exec-path"));
  }

  /**
   * Whether the command is no more than its subcommand.
   *
   * @param named the words of the rule that would allow it: what these spell out is meant
   */
  static boolean isPlain(List<ShellWords.Word> words, List<String> named) {
    List<String> texts = words.stream().map(ShellWords.Word::text).toList();
    int subcommand = endOfGlobalOptions(texts);
    if (!HARMLESS.containsAll(texts.subList(1, subcommand)) || subcommand == words.size()) {
      return false;
    }
    String name = texts.get(subcommand);
    String ruleName = named.size() > 1 ? named.get(1).replaceAll("\\*+$", "") : "";
    if (ruleName.isEmpty() ? !PLAIN.contains(name) : !name.equals(ruleName)) {
      return false;
    }
    for (ShellWords.Word word : words.subList(subcommand + 1, words.size())) {
      if (word.text().equals("--")) {
        return true;
      }
      if (word.expands() || (reachesFar(name, word.text()) && !isSpelledOut(word.text(), named))) {
        return false;
      }
    }
    return true;
  }

  private static boolean reachesFar(String subcommand, String word) {
    if (word.startsWith("--")) {
      String option = word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
      return FAR_REACHING.stream().anyMatch(far -> far.startsWith(option));
    }
    String letters = FAR_REACHING_LETTERS.getOrDefault(subcommand, "");
    return word.startsWith("-") && word.chars().anyMatch(letter -> letters.indexOf(letter) >= 0);
  }

  private static boolean isSpelledOut(String word, List<String> named) {
    return named.stream().anyMatch(pattern -> pattern.startsWith("-") && PermissionRule.matches(pattern, word));
  }
}
