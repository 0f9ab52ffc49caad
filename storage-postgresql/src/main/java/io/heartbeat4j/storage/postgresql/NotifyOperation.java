package io.heartbeat4j.storage.postgresql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Sends a signal, at most once: never after a commit without an answer. */
final class NotifyOperation extends UnfencedOperation<Done> {

  private final SchemaStatements sql;
  private final String text;

  NotifyOperation(SchemaStatements sql, String topic, String text, RetryLimit retryLimit) {
    super(topic, retryLimit);
    this.sql = sql;
    this.text = text;
  }

  @Override
  String what() {
    return "publish to " + name();
  }

  @Override
  Done run(Connection connection) throws SQLException {
    if (!maybeCommitted()) {
      try (PreparedStatement statement = connection.prepareStatement("select pg_notify(?, ?)")) {
        statement.setString(1, sql.channel);
        statement.setString(2, name() + " " + text);
        statement.execute();
      }
    }
    return Done.DONE;
  }
}
