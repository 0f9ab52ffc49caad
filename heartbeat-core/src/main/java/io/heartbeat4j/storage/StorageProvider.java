package io.heartbeat4j.storage;

import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Consumer;

/** Opens the storages of one kind of URL; found by {@link java.util.ServiceLoader}, since its jars are optional. */
public interface StorageProvider {

  /** Such as {@code postgresql}. */
  String scheme();

  /** The provider for the address, by what stands before its first colon; empty where its jars are not there. */
  static Optional<StorageProvider> forUrl(String url) {
    String scheme = url.substring(0, Math.max(0, url.indexOf(':')));
    return ServiceLoader.load(StorageProvider.class, StorageProvider.class.getClassLoader()).stream()
        .map(ServiceLoader.Provider::get)
        .filter(provider -> provider.scheme().equals(scheme))
        .findFirst();
  }

  /**
   * Opens the storage.
   *
   * @param url with its references such as <code>${FILE:/path}</code> already read
   * @param environment of the process
   * @param owner names this process for operators
   * @param secrets is given every secret in the URL and the environment, so that it is masked
   * @return fails with a {@link StorageException} in words for an operator, without a secret
   */
  Future<StorageSession> open(
      String url, Map<String, String> environment, String owner, Consumer<String> secrets);

  /**
   * Looks at the storage and changes nothing. The parameters are those of {@link #open}.
   *
   * @return fails, as {@link #open} does, where the storage can't be used
   */
  Future<StorageReport> check(String url, Map<String, String> environment, Consumer<String> secrets);
}
