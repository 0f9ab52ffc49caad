package io.heartbeat4j.redaction;

import java.util.Collection;

/**
 * Masks secrets in text with {@code ***}: the registered values, and the shapes of JSON web tokens, Paperclip keys
 * ({@code pcp_...}), well-known vendors' keys, bearer tokens and PEM private keys. Thread-safe.
 *
 * <p>A value is masked in upper and lower case, and from {@value SecretRegistry#MIN_ENCODED_LENGTH} characters on also
 * in base64, hexadecimal, URL and JSON form, alone or within a longer text that was encoded. A value of several lines is
 * masked as a whole and line by line (lines from {@value SecretRegistry#MIN_LINE_LENGTH} characters), since logs are cut
 * into lines. Values shorter than {@value SecretRegistry#MIN_LENGTH} characters are ignored: masking them would garble
 * ordinary text and hide nothing.
 */
public final class Redactor {

  private final SecretRegistry secrets = new SecretRegistry();

  private Redactor() {}

  public static Redactor of(Collection<String> secrets) {
    Redactor redactor = new Redactor();
    secrets.forEach(redactor::register);
    return redactor;
  }

  /** Masks {@code secret} too, from now on; open streams included. */
  public void register(String secret) {
    secrets.add(secret);
  }

  /** The text without its secrets; text without any comes back as it is. */
  public String redact(String text) {
    StringBuilder masked = new StringBuilder(text.length());
    new RedactionScanner().scan(text, true, secrets, masked);
    return masked.toString();
  }

  /** For text that comes in pieces, where a secret may be spread over several. */
  public StreamRedactor stream() {
    return new StreamRedactor(this);
  }

  SecretRegistry secrets() {
    return secrets;
  }

  /** Never the secrets. */
  @Override
  public String toString() {
    return "Redactor";
  }
}
