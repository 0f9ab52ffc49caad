package io.heartbeat4j.host.gateway;

import io.heartbeat4j.worker.Secret;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Tells by its key whom a request is for. Keys are looked up by their hash, so that neither the look-up nor the comparison
 * takes longer for a key that is nearly right.
 */
public final class Keyring<T> {

  private static final String BEARER = "bearer ";

  private record Hash(java.nio.ByteBuffer bytes) {}

  private record Owned<T>(byte[] hash, T owner) {}

  private final Map<Hash, Owned<T>> owners;

  /** Immutable. */
  public Keyring(Map<Secret, T> keys) {
    owners = keys.entrySet().stream()
        .map(key -> new Owned<>(hash(key.getKey().reveal()), key.getValue()))
        .collect(Collectors.toUnmodifiableMap(owned -> key(owned.hash()), owned -> owned));
  }

  /** Whether no key opens anything. */
  public boolean isEmpty() {
    return owners.isEmpty();
  }

  /** Whose bearer token the request shows. */
  public Optional<T> ownerOf(HttpServerRequest request) {
    String header = request.getHeader(HttpHeaders.AUTHORIZATION);
    return header == null || !header.regionMatches(true, 0, BEARER, 0, BEARER.length())
        ? Optional.empty()
        : ownerOf(header.substring(BEARER.length()).strip());
  }

  Optional<T> ownerOf(String key) {
    byte[] hash = hash(key);
    return Optional.ofNullable(owners.get(key(hash)))
        .filter(owned -> MessageDigest.isEqual(owned.hash(), hash))
        .map(Owned::owner);
  }

  private static Hash key(byte[] hash) {
    return new Hash(java.nio.ByteBuffer.wrap(hash));
  }

  private static byte[] hash(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }
}
