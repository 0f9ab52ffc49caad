package io.heartbeat4j.storage;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.function.Consumer;

/** Opens the storages of one kind of URL; found by {@link java.util.ServiceLoader}, since its jars are optional. */
public interface StorageProvider {

  /** Such as {@code postgresql}. */
  String scheme();

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
      Vertx vertx, String url, Map<String, String> environment, String owner, Consumer<String> secrets);
}
