package io.heartbeat4j.worker.agent.permission;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Splits one simple command into its words as a shell does, without expanding anything. */
final class ShellWords {

  /**
   * A word without its quotes.
   *
   * @param expands whether the shell would replace it by the names of files
   */
  record Word(String text, boolean expands) {}

  private final List<Word> words = new ArrayList<>();
  private final StringBuilder word = new StringBuilder();
  private boolean inWord;
  private boolean expands;
  private char quote;

  private ShellWords() {}

  /** Empty if a quote is open at the end. */
  static Optional<List<Word>> split(String command) {
    ShellWords split = new ShellWords();
    for (int i = 0; i < command.length(); i++) {
      i += split.add(command, i);
    }
    split.endWord();
    return split.quote == 0 ? Optional.of(split.words) : Optional.empty();
  }

  /** Takes one character, and returns how many further ones belong to it. */
  private int add(String command, int at) {
    char c = command.charAt(at);
    if (c == '\\' && quote != '\'' && at + 1 < command.length()) {
      char next = command.charAt(at + 1);
      append(quote == 0 || "\"\\$`".indexOf(next) >= 0 ? "" + next : "\\" + next);
      return 1;
    }
    if (quote != 0 ? c == quote : c == '\'' || c == '"') {
      quote = quote == 0 ? c : 0;
      inWord = true;
    } else if (quote == 0 && Character.isWhitespace(c)) {
      endWord();
    } else {
      expands |= quote == 0 && "*?[".indexOf(c) >= 0;
      append("" + c);
    }
    return 0;
  }

  private void append(String text) {
    inWord = true;
    word.append(text);
  }

  private void endWord() {
    if (inWord) {
      words.add(new Word(word.toString(), expands));
    }
    word.setLength(0);
    inWord = false;
    expands = false;
  }
}
