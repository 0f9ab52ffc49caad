package io.heartbeat4j.storage.postgresql;

import io.heartbeat4j.storage.StorageException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

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

  /** Replaces a record. */
  static final class Replace extends UnclaimedOperation<Done> {

    private final SchemaStatements sql;
    private final byte[] content;

    Replace(SchemaStatements sql, String name, byte[] content, Patience patience) {
      super(name, patience);
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

  /** Sends a signal, at most once. */
  static final class Publish extends UnclaimedOperation<Done> {

    private final SchemaStatements sql;
    private final String text;

    Publish(SchemaStatements sql, String topic, String text, Patience patience) {
      super(topic, patience);
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
}
