package io.heartbeat4j.worker.agent.permission;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Splits a line into its simple commands as a shell does, those of substitutions included. Nothing is expanded: what
 * only the shell knows when it runs the line becomes {@link #UNKNOWN} in its word. What is more than simple commands
 * (keywords, groups, background, here-documents) is not split, since a rule could not judge it.
 */
final class ShellLine {

  /** The words and files of one program's start. */
  record SimpleCommand(String source, List<ShellWords.Word> words, List<Redirection> redirections) {}

  /** A file that the shell opens for a command; {@code /dev/null} and other descriptors are none. */
  record Redirection(boolean writes, String file) {}

  /** What a line was found to be. */
  sealed interface Result {
    record Commands(List<SimpleCommand> commands) implements Result {}

    /**
     * It is more than simple commands.
     *
     * @param why ends a sentence that begins with the line's part
     */
    record NotSplit(String part, String why) implements Result {}
  }

  private static final Set<String> KEYWORDS = Set.of("if", "then", "else", "elif", "fi", "do", "done", "case", "esac",
      "while", "until", "for", "in", "!", "[[", "]]", "function", "select", "coproc");
  private static final int DEEPEST = 20;

  /** Stands in a word for characters, spaces too, that only the shell knows. */
  static final char UNKNOWN = '\1';

  private final String line;
  private final List<SimpleCommand> commands = new ArrayList<>();
  private int at;
  private int depth;

  private ShellLine(String line) {
    this.line = line;
  }

  static Result split(String line) {
    ShellLine split = new ShellLine(line.strip());
    try {
      if (line.indexOf(0) >= 0 || line.indexOf(UNKNOWN) >= 0) {
        throw split.notSimple(0, "has control characters");
      }
      split.readCommands();
      return new Result.Commands(List.copyOf(split.commands));
    } catch (NotSimpleException notSimple) {
      return new Result.NotSplit(notSimple.part, notSimple.why);
    }
  }

  /** Reads to the end of the line, or of the substitution. */
  private void readCommands() {
    boolean more = true;
    while (more) {
      readCommand();
      char separator = next();
      more = separator != 0 && (separator != ')' || depth == 0);
      if (separator == ')' && depth == 0) {
        throw notSimple(at, "has a bracket that was not opened");
      }
      if (more) {
        at++;
        if (separator == '&' && next() != '&') {
          throw notSimple(at - 1, "runs in the background or redirects in bash's way");
        }
        if (separator != '\n' && separator != ';' && next() == separator) {
          at++; // && and ||
        }
      }
    }
  }

  private void readCommand() {
    int begin = at;
    List<ShellWords.Word> words = new ArrayList<>();
    List<Redirection> redirections = new ArrayList<>();
    for (char c = nextOfCommand(); c != 0 && ";&|\n)".indexOf(c) < 0; c = nextOfCommand()) {
      if (c == '(') {
        throw notSimple(at, "is a group or a function");
      }
      int start = at;
      if (c == '<' || c == '>') {
        readRedirection(redirections);
        continue;
      }
      ShellWords.Word word = readWord();
      boolean descriptor = "<>".indexOf(next()) >= 0 && next() != 0 && line.substring(start, at).matches("[0-9]+");
      if (!descriptor) {
        words.add(word);
      }
    }
    if (words.isEmpty() && redirections.isEmpty()) {
      if ((next() != 0 && next() != '\n') || depth > 0) {
        throw notSimple(begin, "has an empty command");
      }
      return;
    }
    String source = line.substring(begin, at).strip();
    if (words.isEmpty() || isExpanded(words.get(0)) || KEYWORDS.contains(words.get(0).text())) {
      throw new NotSimpleException(source, "does not begin with the name of a program");
    }
    commands.add(new SimpleCommand(source, List.copyOf(words), List.copyOf(redirections)));
  }

  private static boolean isExpanded(ShellWords.Word program) {
    return program.expands() && !program.text().equals("[");
  }

  private void readRedirection(List<Redirection> redirections) {
    int start = at;
    boolean writes = next() == '>';
    at++;
    if (writes && (next() == '>' || next() == '|')) {
      at++;
    } else if (next() == '&') {
      at++;
      if (!readWord().text().matches("[0-9]+-?|-")) {
        throw notSimple(start, "redirects to something else than a file or a number");
      }
      return;
    } else if (next() == '<' || next() == '>') {
      throw notSimple(start, "is a here-document or opens a file for both");
    }
    nextOfCommand();
    ShellWords.Word file = readWord();
    if (file.text().isEmpty() || file.expands()) {
      throw notSimple(start, "redirects to a file that only the shell knows");
    }
    if (!file.text().equals("/dev/null")) {
      redirections.add(new Redirection(writes, file.text()));
    }
  }

  private ShellWords.Word readWord() {
    WordBuilder word = new WordBuilder();
    char quote = 0;
    int start = at;
    for (char c = next(); quote != 0 || (c != 0 && " \t\n;&|<>()".indexOf(c) < 0); c = next()) {
      if (c == 0) {
        throw notSimple(start, "leaves a quote open");
      }
      at++;
      if (quote != 0 ? c == quote : c == '\'' || c == '"') {
        quote = quote == 0 ? c : 0;
      } else if (quote == '\'') {
        word.text.append(c);
      } else if (c == '\\') {
        readEscaped(word, quote != 0);
      } else if (c == '$') {
        readExpansion(word);
      } else if (c == '`') {
        throw notSimple(at - 1, "uses backquotes; $(...) can be judged");
      } else if (quote == 0 && "{}".indexOf(c) >= 0) {
        word.appendUnknown();
      } else {
        word.expands |= quote == 0 && "*?[".indexOf(c) >= 0;
        word.text.append(c);
      }
    }
    return new ShellWords.Word(word.text.toString(), word.expands);
  }

  private void readEscaped(WordBuilder word, boolean quoted) {
    char escaped = next();
    if (escaped == 0) {
      throw notSimple(at - 1, "ends with a backslash");
    }
    at++;
    if (escaped == '\n') {
      return; // the shell joins the two lines
    }
    if (quoted && "\"\\$`".indexOf(escaped) < 0) {
      word.text.append('\\');
    }
    word.text.append(escaped);
  }

  private void readExpansion(WordBuilder word) {
    int start = at - 1;
    char c = next();
    if (c == '(') {
      at++;
      if (next() == '(' || ++depth > DEEPEST) {
        throw notSimple(start, "calculates, or is nested too deeply");
      }
      readCommands();
      if (next() != ')') {
        throw notSimple(start, "leaves a substitution open");
      }
      at++;
      depth--;
      word.appendUnknown();
    } else if (c == '{') {
      int end = line.indexOf('}', at);
      if (end < 0 || !line.substring(at + 1, end).matches("[A-Za-z_0-9]+")) {
        throw notSimple(start, "changes a variable's value");
      }
      at = end + 1;
      word.appendUnknown();
    } else if (c == '\'' || c == '"') {
      throw notSimple(start, "quotes in bash's way");
    } else if (Character.isLetterOrDigit(c) || (c != 0 && "_@*#?-$![".indexOf(c) >= 0)) {
      at++;
      while (Character.isLetterOrDigit(c) && (Character.isLetterOrDigit(next()) || next() == '_')) {
        at++;
      }
      word.appendUnknown();
    } else {
      word.text.append('$');
    }
  }

  /** The next character that is neither blank nor in a comment; 0 at the end. */
  private char nextOfCommand() {
    boolean blank = at == 0 || " \t\n;&|(<>".indexOf(line.charAt(at - 1)) >= 0;
    while (true) {
      if (next() == ' ' || next() == '\t') {
        blank = true;
        at++;
      } else if (line.startsWith("\\\n", at)) {
        at += 2;
      } else if (next() == '#' && blank) {
        while (next() != 0 && next() != '\n') {
          at++;
        }
      } else {
        return next();
      }
    }
  }

  private char next() {
    return at < line.length() ? line.charAt(at) : 0;
  }

  private NotSimpleException notSimple(int begin, String why) {
    return new NotSimpleException(line.substring(Math.min(begin, line.length())), why);
  }

  private static final class WordBuilder {
    private final StringBuilder text = new StringBuilder();
    private boolean expands;

    void appendUnknown() {
      text.append(UNKNOWN);
      expands = true;
    }
  }

  private static final class NotSimpleException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final String part;
    private final String why;

    NotSimpleException(String part, String why) {
      super(why, null, false, false);
      this.part = part;
      this.why = why;
    }
  }
}
