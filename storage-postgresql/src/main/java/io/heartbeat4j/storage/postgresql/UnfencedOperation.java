package io.heartbeat4j.storage.postgresql;

import io.heartbeat4j.storage.StorageException;

/** A change that needs no claim. It is tried again for some time. */
abstract class UnfencedOperation<T> extends Operation<T> {

  private final RetryLimit retryLimit;

  UnfencedOperation(String name, RetryLimit retryLimit) {
    super(name);
    this.retryLimit = retryLimit;
  }

  @Override
  final boolean isWorthRetrying() {
    return !retryLimit.isOver();
  }

  @Override
  final Exception failure(StorageException cause) {
    return cause;
  }

  @Override
  final boolean mayWait() {
    return true;
  }
}
