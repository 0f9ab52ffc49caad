package io.heartbeat4j.storage;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * A storage for work that has to end when its process has lost its claims: from then on every call fails with a {@link
 * ClaimLostException}. The process itself claims anew meanwhile, so that the storage below would take those calls.
 */
public final class FencedStorage implements Storage {

  private final Storage storage;
  private final BooleanSupplier isValid;

  /** @param isValid false for ever as soon as the claims are lost; asked on any thread */
  public FencedStorage(Storage storage, BooleanSupplier isValid) {
    this.storage = storage;
    this.isValid = isValid;
  }

  private <T> Future<T> fenced(String what, Supplier<Future<T>> access) {
    return isValid.getAsBoolean()
        ? access.get()
        : Future.failedFuture(new ClaimLostException("could not " + what + ": this process has lost its claims"));
  }

  @Override
  public Future<List<String>> list(String folder) {
    return fenced("list " + folder, () -> storage.list(folder));
  }

  @Override
  public Future<List<String>> folders(String folder) {
    return fenced("list " + folder, () -> storage.folders(folder));
  }

  @Override
  public Future<Optional<byte[]>> read(String name) {
    return fenced("read " + name, () -> storage.read(name));
  }

  @Override
  public Future<Void> replace(String name, byte[] content) {
    return fenced("replace " + name, () -> storage.replace(name, content));
  }

  @Override
  public Future<Void> append(String name, byte[] bytes) {
    return fenced("append to " + name, () -> storage.append(name, bytes));
  }

  @Override
  public Future<Optional<Claim>> claim(String name) {
    return fenced("claim " + name, () -> storage.claim(name));
  }

  @Override
  public Future<List<Claim>> claimAll(String folder) {
    return fenced("claim " + folder, () -> storage.claimAll(folder));
  }

  @Override
  public Future<Void> expire(String folder, Duration unchangedFor) {
    return fenced("expire " + folder, () -> storage.expire(folder, unchangedFor));
  }
}
