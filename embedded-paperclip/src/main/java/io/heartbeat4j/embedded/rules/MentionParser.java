package io.heartbeat4j.embedded.rules;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds mentions such as {@code [@Pia](agent://<id>)}; a plain {@code @Pia} is no mention. */
final class MentionParser {

  private static final Pattern MENTION = Pattern.compile("\\[[^\\]]*\\]\\(agent://([0-9a-fA-F-]{36})[^)]*\\)");

  private MentionParser() {}

  static Set<String> parseAgentIds(String body) {
    Set<String> ids = new LinkedHashSet<>();
    Matcher matcher = MENTION.matcher(body);
    while (matcher.find()) {
      ids.add(matcher.group(1));
    }
    return ids;
  }
}
