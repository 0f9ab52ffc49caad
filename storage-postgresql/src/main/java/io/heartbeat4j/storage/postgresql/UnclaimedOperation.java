package io.heartbeat4j.storage.postgresql;

import io.heartbeat4j.storage.StorageException;

/** A change that needs no claim. It is tried again for some time. */
abstract class UnclaimedOperation<T> extends Operation<T> {

  private final Patience patience;

  UnclaimedOperation(String name, Patience patience) {
    super(name);
    this.patience = patience;
  }

  @Override
  final boolean isWorthRetrying() {
    return !patience.isOver();
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
