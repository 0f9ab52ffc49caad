package io.heartbeat4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Markdown file, split into its fenced blocks and its other lines.
 *
 * @param name the path below the repository's root; stands in the messages of a test
 */
record MarkdownPage(Path file, String name, List<Block> blocks, List<Line> prose) {

  private static final Pattern FENCE = Pattern.compile("^( *)```(\\w*) *$");
  private static final Pattern HEADING = Pattern.compile("^#{1,6} +(.*?) *#*$");

  /**
   * A fenced block, without the indentation of its fence.
   *
   * @param line the number of the first line between the fences
   */
  record Block(String page, String language, int line, String text) {

    /** @param index counts the block's lines from 0 */
    String where(int index) {
      return page + ":" + (line + index) + ": ";
    }
  }

  record Line(int number, String text) {}

  static MarkdownPage read(Path root, Path file) throws IOException {
    String name = root.relativize(file).toString();
    List<Block> blocks = new ArrayList<>();
    List<Line> prose = new ArrayList<>();
    List<String> lines = Files.readAllLines(file);
    for (int i = 0; i < lines.size(); i++) {
      Matcher fence = FENCE.matcher(lines.get(i));
      if (!fence.matches()) {
        prose.add(new Line(i + 1, lines.get(i)));
        continue;
      }
      String indent = fence.group(1);
      int first = i + 1;
      StringBuilder text = new StringBuilder();
      for (i++; i < lines.size() && !lines.get(i).strip().equals("```"); i++) {
        String line = lines.get(i);
        text.append(line.startsWith(indent) ? line.substring(indent.length()) : line.stripLeading()).append('\n');
      }
      blocks.add(new Block(name, fence.group(2), first + 1, text.toString()));
    }
    return new MarkdownPage(file, name, List.copyOf(blocks), List.copyOf(prose));
  }

  List<Block> blocks(String language) {
    return blocks.stream().filter(block -> block.language().equals(language)).toList();
  }

  String where(Line line) {
    return name + ":" + line.number() + ": ";
  }

  /** The names by which a link can reach the page's headings, as GitHub makes them. */
  Set<String> anchors() {
    Map<String, Integer> seen = new HashMap<>();
    Set<String> anchors = new HashSet<>();
    for (Line line : prose) {
      Matcher heading = HEADING.matcher(line.text());
      if (heading.matches()) {
        String anchor = heading.group(1).toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}_ -]", "")
            .replace(' ', '-');
        int before = seen.merge(anchor, 1, Integer::sum) - 1;
        anchors.add(before == 0 ? anchor : anchor + "-" + before);
      }
    }
    return anchors;
  }
}
