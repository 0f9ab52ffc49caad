package io.heartbeat4j.redaction;

import java.util.BitSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A kind of credential that is known by its looks: an opening of bounded length, by which it is recognised, and a tail
 * of any length.
 */
enum SecretPattern {
  /** Header and payload are base64url of JSON: {@code eyJ....eyJ....signature}. */
  JSON_WEB_TOKEN("eyJ", "eyJ[\\w-]{6,2000}\\.[\\w-]{6}", "***"),

  PAPERCLIP_KEY("pcp_", "pcp_[\\w-]{8}", "***"),

  /**
   * Keys that begin as their vendor's do, at the beginning of a word: of Amazon, Anthropic, DigitalOcean, GitHub,
   * GitLab, Google, Groq, Hugging Face, npm, OpenAI, SendGrid, Slack, Stripe and xAI.
   */
  VENDOR_KEY(
      "",
      "(?:sk-(?=[\\w-]{0,19}\\d)[\\w-]{20}|[sr]k_(?:live|test)_\\w{16}|A[KS]IA[0-9A-Z]{16}|AIza[\\w-]{35}"
          + "|gh[oprsu]_[0-9A-Za-z]{36}|github_pat_\\w{22}|glpat-[\\w-]{20}|gsk_[0-9A-Za-z]{20}|hf_[0-9A-Za-z]{30}"
          + "|npm_[0-9A-Za-z]{36}|xai-[0-9A-Za-z]{20}|xox[abeprs]-[0-9A-Za-z-]{10}|xapp-[0-9A-Za-z-]{10}"
          + "|ya29\\.[\\w-]{20}|dop_v1_[0-9a-f]{64}|SG\\.[\\w-]{16}\\.[\\w-]{16}|whsec_\\w{16})",
      "***"),

  /** Eight characters with a digit among the first, or sixteen: "bearer authentication" is prose. */
  BEARER_TOKEN(
      "bearer",
      "(?i:bearer)\\s{1,4}(?:(?=[\\w.~+/-]{0,15}\\d)[\\w.~+/-]{8}|[\\w.~+/-]{16})",
      "Bearer ***"),

  /** Up to its END line; without one, as far as it may still be the key. */
  PRIVATE_KEY(
      "-----BEGIN ",
      "-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----",
      "***");

  private static final String END = "-----END";
  private static final Pattern END_LINE = Pattern.compile("-----END [A-Z0-9 ]{0,40}-----");

  private final String prefix;
  private final Pattern opening;
  private final String replacement;

  SecretPattern(String prefix, String opening, String masked) {
    this.prefix = prefix;
    this.opening = Pattern.compile(opening);
    this.replacement = masked;
  }

  /** The first two characters of all shapes, by {@link #pair}: most of a text begins with none of them. */
  private static final BitSet BEGINNINGS = new BitSet();

  static {
    for (String two : List.of("ey", "pc", "be", "bE", "Be", "BE", "--", "sk", "rk", "AK", "AS", "AI", "gh", "gi", "gl",
        "gs", "hf", "np", "xa", "xo", "ya", "do", "SG", "wh")) {
      BEGINNINGS.set(pair(two.charAt(0), two.charAt(1)));
    }
  }

  private static int pair(char first, char second) {
    return first << 7 | second;
  }

  /** Whether a shape may begin at a position that is not the last of the text. */
  static boolean mayStartAt(String text, int at) {
    char first = text.charAt(at);
    char second = text.charAt(at + 1);
    return (first | second) < 128 && BEGINNINGS.get(pair(first, second));
  }

  /**
   * The only shape that can begin with this character, where the tail of another one may be going on. The dashes of a
   * private key could be that tail too, and its body would be shown then.
   */
  static @Nullable SecretPattern startingWith(char before, char first, @Nullable SecretPattern going) {
    if (going != null) {
      return first == '-' && going != PRIVATE_KEY ? PRIVATE_KEY : null;
    }
    return switch (first) {
      case 'e' -> JSON_WEB_TOKEN;
      case 'p' -> PAPERCLIP_KEY;
      case 'b', 'B' -> BEARER_TOKEN;
      case '-' -> PRIVATE_KEY;
      case 's', 'r', 'A', 'g', 'h', 'n', 'x', 'y', 'd', 'S', 'w' -> isWord(before) ? null : VENDOR_KEY;
      default -> null;
    };
  }

  /** What is shown in its place. */
  String replacement() {
    return replacement;
  }

  /** Where the opening that begins at {@code at} ends, or a value of {@link MatchPosition}. */
  int endOfOpening(String text, int at, boolean last) {
    return endOf(prefix, opening, this == BEARER_TOKEN, text, at, last);
  }

  /** Whether the tail goes on with this character. */
  boolean continuesWith(char next) {
    return switch (this) {
      case JSON_WEB_TOKEN -> isWord(next) || "-.=".indexOf(next) >= 0;
      case PAPERCLIP_KEY, VENDOR_KEY -> isWord(next) || next == '-';
      case BEARER_TOKEN -> isTokenCharacter(next);
      case PRIVATE_KEY -> isTokenCharacter(next) || Character.isWhitespace(next) || "\\:,()@<>".indexOf(next) >= 0;
    };
  }

  /**
   * Where the END line that begins at {@code at} ends, after which there is no tail any more; or a value of {@link
   * MatchPosition}.
   */
  int endOfClosing(String text, int at, boolean last) {
    return this == PRIVATE_KEY ? endOf(END, END_LINE, false, text, at, last) : MatchPosition.NONE;
  }

  @SuppressWarnings("JdkObsolete") // hitEnd is for text that comes in pieces, as this does
  private static int endOf(String prefix, Pattern pattern, boolean anyCase, String text, int at, boolean last) {
    int available = Math.min(prefix.length(), text.length() - at);
    if (!text.regionMatches(anyCase, at, prefix, 0, available)) {
      return MatchPosition.NONE;
    }
    Matcher matcher = pattern.matcher(text).region(at, text.length());
    boolean matches = matcher.lookingAt();
    if (!last && matcher.hitEnd()) {
      return MatchPosition.UNDECIDED;
    }
    return matches ? matcher.end() : MatchPosition.NONE;
  }

  private static boolean isWord(int c) {
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  private static boolean isTokenCharacter(int c) {
    return isWord(c) || "-.=~+/".indexOf(c) >= 0;
  }
}
