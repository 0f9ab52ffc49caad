package io.heartbeat4j.redaction;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Set;

/** The ways in which programs write a value: as it is, and encoded alone or within a longer text. */
final class SecretForms {

  private static final int BITS_OF_BYTE = 8;
  private static final int BITS_OF_DIGIT = 6;

  private SecretForms() {}

  /** Base64, hexadecimal, URL and JSON forms; upper and lower case are not told apart. */
  static Set<String> encoded(String secret) {
    byte[] bytes = secret.getBytes(UTF_8);
    Set<String> forms = new LinkedHashSet<>();
    for (int before = 0; before < 3; before++) {
      forms.add(base64(Base64.getEncoder(), bytes, before));
      forms.add(base64(Base64.getUrlEncoder(), bytes, before));
    }
    forms.add(HexFormat.of().formatHex(bytes));
    String url = URLEncoder.encode(secret, UTF_8);
    forms.add(url);
    forms.add(url.replace("+", "%20"));
    forms.add(json(secret));
    forms.remove(secret);
    return forms;
  }

  /**
   * The digits of base64 that hold nothing but the value, where so many bytes stand before it in the last group of
   * three. The digits at its ends also depend on its neighbours.
   */
  private static String base64(Base64.Encoder encoder, byte[] bytes, int before) {
    byte[] group = new byte[before + bytes.length];
    System.arraycopy(bytes, 0, group, before, bytes.length);
    String digits = encoder.withoutPadding().encodeToString(group);
    int from = Math.ceilDiv(before * BITS_OF_BYTE, BITS_OF_DIGIT);
    return digits.substring(from, group.length * BITS_OF_BYTE / BITS_OF_DIGIT);
  }

  private static String json(String secret) {
    StringBuilder escaped = new StringBuilder();
    secret.chars().forEach(c -> {
      int shortForm = "\"\\\n\r\t\b\f".indexOf(c);
      if (shortForm >= 0) {
        escaped.append('\\').append("\"\\nrtbf".charAt(shortForm));
      } else if (c < ' ') {
        escaped.append("\\u%04x".formatted(c));
      } else {
        escaped.append((char) c);
      }
    });
    return escaped.toString();
  }
}
