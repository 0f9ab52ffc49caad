package io.heartbeat4j.storage.postgresql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Replaces a record. Done twice, it has the same result. */
final class ReplaceOperation extends UnfencedOperation<Done> {

  private final SchemaStatements sql;
  private final byte[] content;

  ReplaceOperation(SchemaStatements sql, String name, byte[] content, RetryLimit retryLimit) {
    super(name, retryLimit);
    this.sql = sql;
    this.content = content;
  }

  @Override
  String what() {
    return "replace " + name();
  }

  @Override
  Done run(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql.replace)) {
      statement.setString(1, name());
      statement.setBytes(2, content);
      statement.executeUpdate();
      return Done.DONE;
    }
  }
}
