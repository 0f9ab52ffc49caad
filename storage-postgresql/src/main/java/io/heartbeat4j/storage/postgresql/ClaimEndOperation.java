package io.heartbeat4j.storage.postgresql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Releases or deletes a claimed record. */
final class ClaimEndOperation extends ClaimedOperation {

  private final boolean deletes;

  ClaimEndOperation(PostgresqlClaim claim, boolean deletes) {
    super(claim);
    this.deletes = deletes;
  }

  @Override
  String what() {
    return (deletes ? "delete " : "release ") + name();
  }

  @Override
  void runHeld(Connection connection) throws SQLException {
    SchemaStatements sql = claim().sql();
    try (PreparedStatement statement = connection.prepareStatement(deletes ? sql.deleteClaimed : sql.releaseClaimed)) {
      claim().setParameters(statement, 1);
      if (statement.executeUpdate() == 0 && !(maybeCommitted() && isLeaseLive(connection))) {
        throw claim().lostInDatabase();
      }
    }
  }

  /** While the lease is live nobody else can end the claim, so that an earlier attempt did. */
  private boolean isLeaseLive(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(claim().sql().isLive)) {
      statement.setLong(1, claim().term().id());
      try (ResultSet row = statement.executeQuery()) {
        return row.next();
      }
    }
  }

  @Override
  void kept(Done committed) {
    claim().end();
  }
}
