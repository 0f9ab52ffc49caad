package io.heartbeat4j.plugin;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** The known name that a person probably meant. */
public final class NameSuggestion {

  private NameSuggestion() {}

  /** The closest of {@code known}, if it is close enough to be a slip of the pen. */
  public static Optional<String> closest(String written, Collection<String> known) {
    String low = written.toLowerCase(Locale.ROOT);
    return known.stream()
        .min(Comparator.comparingInt(name -> editDistance(low, name.toLowerCase(Locale.ROOT))))
        .filter(name -> editDistance(low, name.toLowerCase(Locale.ROOT)) <= Math.max(2, name.length() / 2));
  }

  /** {@code ", did you mean 'x'?"}, or nothing. */
  public static String didYouMean(String written, Collection<String> known) {
    return closest(written, known).map(name -> ", did you mean '" + name + "'?").orElse("");
  }

  private static int editDistance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int above = row[j];
        int swap = a.charAt(i - 1) == b.charAt(j - 1) ? diagonal : diagonal + 1;
        row[j] = Math.min(swap, Math.min(above, row[j - 1]) + 1);
        diagonal = above;
      }
    }
    return row[b.length()];
  }
}
