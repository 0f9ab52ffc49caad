package io.heartbeat4j.redaction;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URLEncoder;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RedactorTest {

  /** Header, payload and signature of nobody: base64url of {"typ":"example"} and the like. */
  private static final String JWT = "eyJ0eXAiOiJleGFtcGxlIn0.eyJzdWIiOiJub2JvZHkifQ.ZXhhbXBsZQ";

  private static final String DASHES = "-----";

  private final Redactor shapesOnly = Redactor.of(List.of());

  @Test
  void masksAValueWhereverItStands() {
    Redactor redactor = Redactor.of(List.of("open sesame"));

    assertThat(redactor.redact("open sesame? Yes, 'open sesame'!")).isEqualTo("***? Yes, '***'!");
  }

  @Test
  void masksAValueThatIsRegisteredLater() {
    Redactor redactor = Redactor.of(List.of());
    StreamRedactor stream = redactor.stream();
    String before = stream.append("open sesame ");

    redactor.register("open sesame");

    assertThat(before).isEqualTo("open sesame ");
    assertThat(stream.append("open sesame.") + stream.end()).isEqualTo("***.");
  }

  @Test
  void leavesNoRestOfASecretThatOverlapsAnother() {
    Redactor redactor = Redactor.of(List.of("abcd", "bcdefg", "efgh"));

    assertThat(redactor.redact("(abcdefgh)")).isEqualTo("(***)");
  }

  @Test
  void prefersTheLongerOfTwoSecretsThatBeginAlike() {
    assertThat(Redactor.of(List.of("sesame", "sesame street")).redact("sesame street, sesame")).isEqualTo("***, ***");
  }

  @Test
  void ignoresValuesTooShortToBeSecret() {
    assertThat(Redactor.of(List.of("", "  ", "    ", "abc")).redact("abc,      abc")).isEqualTo("abc,      abc");
  }

  @Test
  void masksASecretWithoutTheWhitespaceAroundIt() {
    assertThat(Redactor.of(List.of(" sesame\n")).redact("<sesame>")).isEqualTo("<***>");
  }

  @Test
  void masksTheLinesOfAValueOfSeveralLines() {
    Redactor redactor = Redactor.of(List.of("the first line\r\n{\nthe second line\n"));

    assertThat(redactor.redact("1: the first line\n2: {\n3: the second line")).isEqualTo("1: ***\n2: {\n3: ***");
  }

  @Test
  void masksJsonWebTokens() {
    assertThat(shapesOnly.redact("token=" + JWT + "&x=1")).isEqualTo("token=***&x=1");
  }

  @Test
  void masksPaperclipKeys() {
    assertThat(shapesOnly.redact("the key pcp_an-example_of-a-key, that is")).isEqualTo("the key ***, that is");
  }

  @Test
  void masksBearerTokensAndSaysThatTheyWereOne() {
    assertThat(shapesOnly.redact("authorization: bearer exampleexample1\nAccept: */*"))
        .isEqualTo("authorization: Bearer ***\nAccept: */*");
  }

  @Test
  void masksABearerTokenThatIsAJsonWebTokenOnce() {
    assertThat(shapesOnly.redact("curl -H 'Authorization: Bearer " + JWT + "'"))
        .isEqualTo("curl -H 'Authorization: Bearer ***'");
  }

  @Test
  void masksAPrivateKeyUpToItsEnd() {
    String key = DASHES + "BEGIN EXAMPLE PRIVATE KEY" + DASHES + "\nZXhhbXBs\nZQ==\n" + DASHES
        + "END EXAMPLE PRIVATE KEY" + DASHES;

    assertThat(shapesOnly.redact("before\n" + key + "\nafter")).isEqualTo("before\n***\nafter");
    assertThat(shapesOnly.redact("{\"k\":\"" + key.replace("\n", "\\n") + "\"}")).isEqualTo("{\"k\":\"***\"}");
  }

  @Test
  void masksAPrivateKeyThatFollowsATokenWithNothingBetween() {
    String key = DASHES + "BEGIN PRIVATE KEY" + DASHES + "\nZXhhbXBs\n" + DASHES + "END PRIVATE KEY" + DASHES;

    assertThat(shapesOnly.redact(JWT + key + " after")).isEqualTo("*** after");
  }

  @Test
  void masksAPrivateKeyThatIsCutOff() {
    assertThat(shapesOnly.redact(DASHES + "BEGIN PRIVATE KEY" + DASHES + "\nZXhhbXBs\nZXhh")).isEqualTo("***");
  }

  @Test
  void masksAValueInTheFormsInWhichProgramsWriteIt() throws Exception {
    String secret = "open\"Sesame+\u00e4/%42";
    byte[] bytes = secret.getBytes(UTF_8);
    Redactor redactor = Redactor.of(List.of(secret));

    for (String form : List.of(secret.toLowerCase(Locale.ROOT), "OPEN\"SESAME+\u00e4/%42",
        HexFormat.of().formatHex(bytes), HexFormat.of().withUpperCase().formatHex(bytes),
        URLEncoder.encode(secret, UTF_8), new ObjectMapper().writeValueAsString(secret).replaceAll("^.|.$", ""))) {
      assertThat(redactor.redact("<" + form + ">")).as(form).isEqualTo("<***>");
      assertThat(inSinglePieces(redactor, "<" + form + ">")).as(form).isEqualTo("<***>");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "xy", "user:", "{\"key\": \""})
  void masksAValueWithinAnEncodedText(String before) {
    String secret = "open\"Sesame+\u00e4/%42??>>";
    Redactor redactor = Redactor.of(List.of(secret));
    String after = " and on";

    for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
      String encoded = encoder.encodeToString((before + secret + after).getBytes(UTF_8));
      String masked = redactor.redact(encoded);
      assertThat(inSinglePieces(redactor, encoded)).isEqualTo(masked);
      String[] around = masked.split("\\*\\*\\*", -1);
      assertThat(around).as(masked).hasSize(2);
      assertThat(around[0]).hasSizeLessThanOrEqualTo(before.length() * 4 / 3 + 1);
      assertThat(around[1]).hasSizeLessThanOrEqualTo(after.length() * 4 / 3 + 4);
    }
  }

  private static String inSinglePieces(Redactor redactor, String text) {
    StreamRedactor stream = redactor.stream();
    StringBuilder shown = new StringBuilder();
    text.chars().forEach(c -> shown.append(stream.append(Character.toString(c))));
    return shown.append(stream.end()).toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"sk-", "sk-proj-", "sk-ant-api03-", "sk_live_", "AKIA", "AIza", "ghp_", "github_pat_",
      "glpat-",
      "gsk_", "hf_", "npm_", "xai-", "xoxb-", "xapp-", "ya29.", "whsec_"})
  void masksTheKeysOfVendors(String prefix) {
    String key = prefix + "A1B2C3D4E5F6G7H8A1B2C3D4E5F6G7H8A1B2C3D4".substring(0, prefix.equals("AKIA") ? 16 : 40);

    assertThat(shapesOnly.redact("key=" + key + ", '" + key + "'")).isEqualTo("key=***, '***'");
    assertThat(shapesOnly.redact("a" + key)).as("within a word").isEqualTo("a" + key);
  }

  @ParameterizedTest
  @ValueSource(strings = {
      "sk-learn-is-a-library-with-a-long-name, and ask-me-about-release-2024-11-28-first is no key",
      "the hf_ prefix, an npm_config_registry and npm_lifecycle_event, AKIA and sk_live_ alone",
      "Bearer authentication is required, and a bearer token too",
      "eyJ is how base64 of a JSON object begins",
      "pcp_ is the prefix of a key",
      "-----BEGIN CERTIFICATE-----\nZXhhbXBsZQ==\n-----END CERTIFICATE-----",
      "a table\n-----\nepb-Bp e",
      ""
  })
  void leavesWhatOnlyResemblesASecret(String text) {
    assertThat(shapesOnly.redact(text)).isEqualTo(text);
  }

  @Test
  void holdsBackOnlyWhatMayBecomeASecret() {
    StreamRedactor stream = Redactor.of(List.of("sesame")).stream();

    assertThat(stream.append("open ses")).isEqualTo("open ");
    assertThat(stream.append("ames")).isEqualTo("***");
    assertThat(stream.append("e")).isEmpty();
    assertThat(stream.end()).isEqualTo("se");
  }

  @Test
  void showsTheBeginningOfALongTokenAsMaskedAtOnce() {
    StreamRedactor stream = shapesOnly.stream();

    assertThat(stream.append(JWT.substring(0, 40))).isEqualTo("***");
    assertThat(stream.append(JWT.substring(40))).isEmpty();
    assertThat(stream.append(" and on")).isEqualTo(" and on");
  }

  @Test
  void neverPrintsWhatItMasks() {
    assertThat(Redactor.of(List.of("sesame"))).hasToString("Redactor");
  }
}
