package io.heartbeat4j.storage.postgresql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** Releases, deletes or moves a claimed record. */
final class ClaimEndOperation extends FencedOperation {

  private final String verb;
  private final String statement;
  private final List<Object> values;

  /** @param values of the statement's first parameters; the claim's follow */
  ClaimEndOperation(PostgresqlClaim claim, String verb, String statement, List<Object> values) {
    super(claim);
    this.verb = verb;
    this.statement = statement;
    this.values = List.copyOf(values);
  }

  @Override
  String what() {
    return verb + " " + name();
  }

  @Override
  void runHeld(Connection connection) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(statement)) {
      for (int i = 0; i < values.size(); i++) {
        update.setObject(i + 1, values.get(i));
      }
      claim().setParameters(update, values.size() + 1);
      if (update.executeUpdate() == 0 && !(maybeCommitted() && isLeaseLive(connection))) {
        throw claim().lostInDatabase();
      }
    }
  }

  /** While the lease is live nobody else can end the claim, so that an earlier attempt did. */
  private boolean isLeaseLive(Connection connection) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(claim().sql().isLive)) {
      select.setLong(1, claim().term().id());
      try (ResultSet row = select.executeQuery()) {
        return row.next();
      }
    }
  }

  @Override
  void kept(Done committed) {
    claim().end();
  }
}
