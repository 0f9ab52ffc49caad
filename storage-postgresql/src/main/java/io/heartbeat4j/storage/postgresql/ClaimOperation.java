package io.heartbeat4j.storage.postgresql;

import io.heartbeat4j.storage.Storage;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Claims a record. The name is reserved within this process before the statement runs, so that a record that the
 * database says is this session's was claimed by an attempt without an answer, and is taken.
 */
final class ClaimOperation extends UnfencedOperation<Optional<Storage.Claim>> {

  private final PostgresqlSession session;
  private @Nullable LeaseTerm reservedIn;

  ClaimOperation(PostgresqlSession session, String name, RetryLimit retryLimit) {
    super(name, retryLimit);
    this.session = session;
  }

  @Override
  String what() {
    return "claim " + name();
  }

  @Override
  Optional<Storage.Claim> run(Connection connection) throws SQLException {
    LeaseTerm term = session.liveTerm();
    if (!term.hold(name())) {
      return Optional.empty();
    }
    reservedIn = term;
    try (PreparedStatement statement = connection.prepareStatement(session.sql().claim)) {
      statement.setString(1, name());
      statement.setLong(2, term.id());
      statement.setString(3, name());
      try (ResultSet row = statement.executeQuery()) {
        if (row.next()) {
          return Optional.of(new PostgresqlClaim(session, term, name(), row.getBytes(1)));
        }
      }
    }
    reset();
    return Optional.empty();
  }

  @Override
  void kept(Optional<Storage.Claim> committed) {
    reservedIn = null;
  }

  @Override
  void reset() {
    if (reservedIn != null) {
      reservedIn.free(name());
      reservedIn = null;
    }
  }
}
