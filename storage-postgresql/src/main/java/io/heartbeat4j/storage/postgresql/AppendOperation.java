package io.heartbeat4j.storage.postgresql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Appends without a claim. Others may append at the same time, so the record's length says nothing; but an attempt
 * whose statement has returned has put its bytes at a known place, and the row's lock kept others from that place until
 * the end of its transaction. If the bytes are there afterwards, it was committed.
 */
final class AppendOperation extends UnfencedOperation<Integer> {

  private final SchemaStatements sql;
  private final byte[] bytes;
  private int end = Integer.MAX_VALUE;

  AppendOperation(SchemaStatements sql, String name, byte[] bytes, RetryLimit retryLimit) {
    super(name, retryLimit);
    this.sql = sql;
    this.bytes = bytes;
  }

  @Override
  String what() {
    return "append to " + name();
  }

  @Override
  Integer run(Connection connection) throws SQLException {
    int before = maybeCommitted() ? end : Integer.MAX_VALUE;
    try (PreparedStatement statement = connection.prepareStatement(sql.append)) {
      statement.setString(1, name());
      statement.setBytes(2, bytes);
      statement.setInt(3, before);
      statement.setInt(4, before - bytes.length + 1);
      statement.setInt(5, bytes.length);
      try (ResultSet row = statement.executeQuery()) {
        if (row.next()) {
          end = row.getInt(1);
        }
        return end;
      }
    }
  }
}
