package io.heartbeat4j.worker.agent.permission;

import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The pattern of a rule for {@code run}. To allow, it is read as narrowly as it is written: word by word, for one simple
 * command. To ask or deny, it is read broadly: it fits where the command may be any part of the line.
 */
record CommandPattern(String pattern) {

  private static final Pattern SEPARATORS = Pattern.compile("[;&|\\n\\r(){}`]|\\$\\(");
  private static final Pattern ASSIGNMENT = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*=.*");
  private static final String WORD_END = "\0";

  /** Programs that run the command in their arguments. */
  private static final Set<String> WRAPPERS = Set.of("sh", "bash", "dash", "zsh", "env", "command", "exec", "eval",
      "nice", "nohup", "time", "timeout", "xargs", "find", "sudo", "doas", "setsid", "setpriv", "stdbuf", "busybox");

  /** Whether the pattern fits every line, so that a line need not be split. */
  boolean isAny() {
    return pattern.matches("\\*+");
  }

  /** Whether a rule with this pattern allows the command. */
  boolean allows(List<ShellWords.Word> words) {
    List<String> texts = words.stream().map(ShellWords.Word::text).toList();
    List<String> named = texts(pattern);
    if (!GitCommand.isGit(texts.get(0))) {
      return fits(named, texts);
    }
    return GitCommand.isPlain(words, named) && fits(named, GitCommand.withoutGlobalOptions(texts));
  }

  /**
   * A star is any characters of its word that are known. Alone it is any words, or none; at the end of the pattern it is
   * any further words too.
   */
  private boolean fits(List<String> named, List<String> words) {
    String furtherWords = "(?:" + WORD_END + ".*)?";
    StringBuilder regex = new StringBuilder();
    for (String name : named) {
      if (name.matches("\\*+")) {
        regex.append(furtherWords);
      } else {
        regex.append(WORD_END).append(Arrays.stream(name.split("\\*+", -1)).map(Pattern::quote)
            .collect(Collectors.joining("[^" + WORD_END + ShellLine.UNKNOWN + "]*")));
      }
    }
    if (pattern.endsWith("*")) {
      regex.append(furtherWords);
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL).matcher(WORD_END + String.join(WORD_END, words)).matches();
  }

  /** Whether a rule with this pattern is about the line. */
  boolean isAbout(String line) {
    if (PermissionRule.matches(pattern, line.strip())) {
      return true;
    }
    for (String part : SEPARATORS.split(line)) {
      if (PermissionRule.matches(pattern, part.strip()) || isAboutCommand(texts(part))) {
        return true;
      }
    }
    // as the shell puts it together: joined lines, and redirections between the words
    return ShellLine.split(line) instanceof ShellLine.Result.Commands split && split.commands().stream()
        .anyMatch(command -> isAboutCommand(command.words().stream().map(ShellWords.Word::text).toList()));
  }

  private boolean isAboutCommand(List<String> command) {
    List<String> words = command.stream().flatMap(word -> Arrays.stream(word.strip().split("\\s+")))
        .dropWhile(word -> word.isEmpty() || ASSIGNMENT.matcher(word).matches()).toList();
    int last = words.isEmpty() ? 0 : WRAPPERS.contains(fileName(words.get(0))) ? words.size() : 1;
    return IntStream.range(0, last).anyMatch(at -> isProgram(words.subList(at, words.size())));
  }

  private boolean isProgram(List<String> words) {
    List<String> named = new ArrayList<>(words);
    named.set(0, fileName(words.get(0)));
    if (!GitCommand.isGit(named.get(0))) {
      return matches(named);
    }
    return (GitCommand.redefines(named) && pattern.startsWith("git"))
        || matches(GitCommand.withoutGlobalOptions(named));
  }

  private boolean matches(List<String> words) {
    return PermissionRule.matches(pattern, String.join(" ", words));
  }

  /** The words; where a quote is left open, as if there were no quotes. */
  private static List<String> texts(String command) {
    return ShellWords.split(command)
        .or(() -> ShellWords.split(command.replace("'", "").replace("\"", "")))
        .orElseThrow().stream().map(ShellWords.Word::text).toList();
  }

  private static String fileName(String program) {
    return program.substring(program.lastIndexOf('/') + 1);
  }
}
