package io.heartbeat4j.storage.postgresql;

import io.heartbeat4j.storage.StorageException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;

/**
 * Appends to a claimed record, if it is as long as this claim has made it. If it is longer after a commit without an
 * answer and has these bytes at that place, that commit has appended them, perhaps with later ones of its transaction.
 */
final class ClaimAppendOperation extends FencedOperation {

  private final byte[] bytes;

  ClaimAppendOperation(PostgresqlClaim claim, byte[] bytes) {
    super(claim);
    this.bytes = bytes;
  }

  @Override
  String what() {
    return "append to " + name();
  }

  @Override
  void runHeld(Connection connection) throws SQLException, StorageException {
    int length = claim().length();
    try (PreparedStatement statement = connection.prepareStatement(claim().sql().appendClaimed)) {
      statement.setBytes(1, bytes);
      claim().setParameters(statement, 2);
      statement.setInt(5, length);
      if (statement.executeUpdate() == 0) {
        requireAppended(connection, length);
      }
    }
    claim().tryLength(length + bytes.length);
  }

  private void requireAppended(Connection connection, int length) throws SQLException, StorageException {
    try (PreparedStatement statement = connection.prepareStatement(claim().sql().stateOfClaimed)) {
      statement.setInt(1, length + 1);
      statement.setInt(2, bytes.length);
      claim().setParameters(statement, 3);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          throw claim().lostInDatabase();
        }
        boolean appended = row.getInt(1) >= length + bytes.length && Arrays.equals(row.getBytes(2), bytes);
        if (!appended || !maybeCommitted()) {
          throw new StorageException("could not append to " + name() + ": it has " + row.getInt(1)
              + " bytes instead of "
              + length + ", so something other than its claim has changed it, such as a failover that lost commits");
        }
      }
    }
  }

  @Override
  void kept(Done committed) {
    claim().keepLength();
  }

  @Override
  void reset() {
    claim().resetLength();
  }
}
