package io.heartbeat4j.redaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Finds what comparing with every value would find. */
final class SecretRegistryTest {

  @Property(tries = 5_000)
  void itFindsWhatALookAtEveryValueFinds(
      @ForAll("secrets") List<String> secrets, @ForAll("text") String text, @ForAll boolean last) {
    SecretRegistry known = new SecretRegistry();
    secrets.forEach(known::add);

    for (int at = 0; at < text.length(); at++) {
      assertThat(known.endOfMatch(text, at, last)).as("at " + at).isEqualTo(byAllOf(secrets, text, at, last));
    }
  }

  private static int byAllOf(List<String> secrets, String text, int at, boolean last) {
    if (!last && secrets.stream()
        .anyMatch(secret -> secret.length() > text.length() - at && secret.startsWith(text.substring(at)))) {
      return MatchPosition.UNDECIDED;
    }
    return secrets.stream().filter(secret -> text.startsWith(secret, at)).mapToInt(secret -> at + secret.length())
        .max().orElse(MatchPosition.NONE);
  }

  /** A small alphabet makes many begin alike and one contain another. */
  @Provide
  Arbitrary<List<String>> secrets() {
    return Arbitraries.strings().withChars("ab").ofMinLength(4).ofMaxLength(9).list().ofMaxSize(30);
  }

  @Provide
  Arbitrary<String> text() {
    return Arbitraries.strings().withChars("abc").ofMaxLength(24);
  }
}
