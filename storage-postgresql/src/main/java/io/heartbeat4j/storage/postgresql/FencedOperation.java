package io.heartbeat4j.storage.postgresql;

import io.heartbeat4j.storage.ClaimLostException;
import io.heartbeat4j.storage.StorageException;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * A change under a claim. The process' own deadline is checked before the statement is sent, so that a process that
 * slept finds out by itself; the statement checks the lease again by the database's clock, and the session in the
 * record, which differs once another process has claimed it.
 */
abstract class FencedOperation extends Operation<Done> {

  private final PostgresqlClaim claim;

  FencedOperation(PostgresqlClaim claim) {
    super(claim.name());
    this.claim = claim;
  }

  final PostgresqlClaim claim() {
    return claim;
  }

  @Override
  final boolean isWorthRetrying() {
    return claim.term().isLive();
  }

  @Override
  final Exception failure(StorageException cause) {
    return claim.term().isLive() ? cause : (Exception) claim.lost().initCause(cause);
  }

  @Override
  final boolean mayWait() {
    return false;
  }

  @Override
  final Done run(Connection connection) throws SQLException, StorageException {
    if (!claim.isHeld()) {
      throw claim.lost();
    }
    runHeld(connection);
    return Done.DONE;
  }

  /** @throws ClaimLostException if the claim has ended */
  abstract void runHeld(Connection connection) throws SQLException, StorageException;
}
