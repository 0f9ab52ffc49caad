package io.heartbeat4j.redaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** For any secrets, any text around them and any way to cut it into pieces. */
final class RedactorPropertiesTest {

  private static final String JWT = "eyJ0eXAiOiJleGFtcGxlIn0.eyJzdWIiOiJub2JvZHkifQ.ZXhhbXBsZQ";
  private static final String KEY = "pcp_exampleexample";
  private static final String PEM = "-----BEGIN PRIVATE KEY-----\nZXhhbXBsZQ==\n-----END PRIVATE KEY-----";

  @Property
  void noSecretIsShown(
      @ForAll("secrets") List<String> secrets, @ForAll("texts") List<String> parts,
      @ForAll("cuts") List<Integer> cuts) {
    String text = weave(parts, secrets);
    String shown = inPieces(Redactor.of(secrets), text, cuts);

    assertThat(secrets).noneMatch(shown::contains);
  }

  @Property
  void piecesGiveWhatTheWholeGives(
      @ForAll("secrets") List<String> secrets, @ForAll("texts") List<String> parts,
      @ForAll("cuts") List<Integer> cuts) {
    String text = weave(parts, secrets);
    Redactor redactor = Redactor.of(secrets);

    assertThat(inPieces(redactor, text, cuts)).isEqualTo(redactor.redact(text));
  }

  @Property
  void textWithoutSecretsIsUnchanged(@ForAll("plain") String text, @ForAll("cuts") List<Integer> cuts) {
    Redactor redactor = Redactor.of(List.of("a secret that is in no text"));

    assertThat(redactor.redact(text)).isEqualTo(text);
    assertThat(inPieces(redactor, text, cuts)).isEqualTo(text);
  }

  @Property
  void credentialsAreKnownByTheirShape(@ForAll("texts") List<String> parts, @ForAll("cuts") List<Integer> cuts) {
    String shown = inPieces(Redactor.of(List.of()), weave(parts, List.of(JWT, KEY, PEM)), cuts);

    assertThat(shown).doesNotContain(JWT, KEY, "ZXhhbXBsZQ");
  }

  /** Puts a secret after each part; a small alphabet makes secrets overlap, touch and begin alike. */
  private static String weave(List<String> parts, List<String> secrets) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < parts.size(); i++) {
      text.append(parts.get(i)).append(secrets.get(i % secrets.size()));
    }
    return text.toString();
  }

  private static String inPieces(Redactor redactor, String text, List<Integer> cuts) {
    StreamRedactor stream = redactor.stream();
    StringBuilder shown = new StringBuilder();
    int from = 0;
    for (int i = 0; from < text.length(); i++) {
      int to = Math.min(text.length(), from + cuts.get(i % cuts.size()));
      shown.append(stream.append(text.substring(from, to)));
      from = to;
    }
    return shown.append(stream.end()).toString();
  }

  @Provide
  Arbitrary<List<String>> secrets() {
    return Arbitraries.strings().withChars("abe.-").ofMinLength(4).ofMaxLength(9).list().ofMinSize(1).ofMaxSize(4);
  }

  @Provide
  Arbitrary<List<String>> texts() {
    Arbitrary<String> small = Arbitraries.strings().withChars("abe.- \n").ofMaxLength(6);
    Arbitrary<String> trap = Arbitraries.of(
        "eyJ", "eyJaaaaaa.", "pcp_", "pcp_aaaaaaab ", "Bearer ", "bearer aaaaaaaaaaaaaaaa\n", "-----BEGIN ",
        "-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----", "-----END", JWT, "*", "\u00e9\ud83d\ude00");
    return Combinators.combine(small, trap, Arbitraries.of(true, false))
        .as((text, bait, both) -> both ? text + bait : text)
        .list().ofMinSize(1).ofMaxSize(6);
  }

  @Provide
  Arbitrary<String> plain() {
    Arbitrary<String> anything = Arbitraries.strings().all().ofMaxLength(80);
    Arbitrary<String> almost = Arbitraries.strings().withChars("epBb-yJc_ ar").ofMaxLength(30);
    return Arbitraries.oneOf(anything, almost)
        .filter(text -> !text.toLowerCase(Locale.ROOT).contains("bearer") && !text.contains("pcp_")
            && !text.contains("eyJ"));
  }

  @Provide
  Arbitrary<List<Integer>> cuts() {
    return Arbitraries.integers().between(1, 12).list().ofMinSize(1).ofMaxSize(5);
  }
}
