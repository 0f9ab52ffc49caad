package io.heartbeat4j.host.http;

import io.heartbeat4j.worker.Secret;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Authenticates a request by its bearer key and finds the agent that the key belongs to. Keys are looked up by hash, in
 * constant time.
 */
public final class AccessKeyAuthenticator<T> {

  private static final String BEARER = "bearer ";

  private record KeyOwner<T>(String hash, T owner) {}

  private final Map<String, KeyOwner<T>> owners;

  /** Immutable. */
  public AccessKeyAuthenticator(Map<Secret, T> keys) {
    owners = keys.entrySet().stream()
        .map(key -> new KeyOwner<>(hash(key.getKey().reveal()), key.getValue()))
        .collect(Collectors.toUnmodifiableMap(KeyOwner::hash, keyOwner -> keyOwner));
  }

  /** Whether no key is configured. */
  public boolean isEmpty() {
    return owners.isEmpty();
  }

  /** The owner of the request's bearer token. */
  public Optional<T> ownerOf(HttpServerRequest request) {
    String header = request.getHeader(HttpHeaders.AUTHORIZATION);
    return header == null || !header.regionMatches(true, 0, BEARER, 0, BEARER.length())
        ? Optional.empty()
        : ownerOf(header.substring(BEARER.length()).strip());
  }

  Optional<T> ownerOf(String key) {
    String hash = hash(key);
    return Optional.ofNullable(owners.get(hash)).filter(keyOwner -> isEqual(keyOwner.hash(), hash))
        .map(KeyOwner::owner);
  }

  private static boolean isEqual(String one, String other) {
    return MessageDigest.isEqual(one.getBytes(StandardCharsets.US_ASCII), other.getBytes(StandardCharsets.US_ASCII));
  }

  private static String hash(String key) {
    try {
      return HexFormat.of().formatHex(
          MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }
}
