package io.heartbeat4j.worker.llm.tool.external;

import java.util.List;
import java.util.stream.Collectors;

/** The words of a web page, in time proportional to its length, however broken it is. */
final class HtmlText {

  private static final List<String> WITHOUT_WORDS = List.of("script", "style");

  private HtmlText() {}

  /** Leaves out tags, scripts and styles; one that does not end goes up to the end of the page. */
  static String of(String html) {
    StringBuilder text = new StringBuilder();
    int at = 0;
    for (int tag = html.indexOf('<'); tag >= 0; tag = html.indexOf('<', at)) {
      text.append(html, at, tag).append(' ');
      at = html.indexOf('>', skipWordless(html, tag));
      if (at < 0) {
        return lines(text.toString());
      }
      at++;
    }
    return lines(text.append(html, at, html.length()).toString());
  }

  /** Where the tag is that ends what begins here: this tag, or the one that ends a script. */
  private static int skipWordless(String html, int tag) {
    for (String name : WITHOUT_WORDS) {
      int after = tag + 1 + name.length();
      if (html.regionMatches(true, tag + 1, name, 0, name.length())
          && (after == html.length() || !Character.isLetterOrDigit(html.charAt(after)))) {
        for (int end = html.indexOf("</", after); end >= 0; end = html.indexOf("</", end + 2)) {
          if (html.regionMatches(true, end + 2, name, 0, name.length())) {
            return end;
          }
        }
        return html.length();
      }
    }
    return tag;
  }

  private static String lines(String text) {
    return text.lines().map(line -> line.replaceAll("[ \\t]+", " ").strip()).filter(line -> !line.isEmpty())
        .collect(Collectors.joining("\n"));
  }
}
