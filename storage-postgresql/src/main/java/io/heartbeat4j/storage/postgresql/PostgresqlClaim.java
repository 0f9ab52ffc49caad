package io.heartbeat4j.storage.postgresql;

import io.heartbeat4j.storage.ClaimLostException;
import io.heartbeat4j.storage.RecordClaim;
import io.vertx.core.Future;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** A claimed record. The lengths belong to the writer's thread. */
final class PostgresqlClaim extends RecordClaim {

  private final PostgresqlSession session;
  private final LeaseTerm term;

  /** Of the record, by all that is committed. */
  private int length;

  /** Of the record within the transaction that is running. */
  private int triedLength;

  /** A later claim of the same session has the same fence, so that this one has to stop by itself. */
  private volatile boolean ended;

  PostgresqlClaim(PostgresqlSession session, LeaseTerm term, String name, byte[] content) {
    super(name, content);
    this.session = session;
    this.term = term;
    this.length = content.length;
    this.triedLength = content.length;
  }

  /** Always survives a loss of power: a claim that continues after the server's restart has to know the record's end. */
  @Override
  public Future<Void> append(byte[] bytes, boolean flush) {
    return session.submit(new ClaimAppendOperation(this, bytes.clone())).mapEmpty();
  }

  @Override
  public Future<Void> delete() {
    return session.submit(new ClaimEndOperation(this, "delete", sql().deleteClaimed, List.of())).mapEmpty();
  }

  @Override
  public Future<Void> moveTo(String other, byte[] bytes) {
    return session.submit(new ClaimEndOperation(this, "move", sql().moveClaimed, List.of(other, bytes.clone())))
        .mapEmpty();
  }

  @Override
  public Future<Void> release() {
    return session.submit(new ClaimEndOperation(this, "release", sql().releaseClaimed, List.of())).mapEmpty();
  }

  LeaseTerm term() {
    return term;
  }

  SchemaStatements sql() {
    return session.sql();
  }

  boolean isHeld() {
    return !ended && term.isLive();
  }

  void end() {
    ended = true;
    term.free(name());
  }

  /** Sets the name, the fence, and the session whose lease has to be live. */
  void setParameters(PreparedStatement statement, int first) throws SQLException {
    statement.setString(first, name());
    statement.setLong(first + 1, term.id());
    statement.setLong(first + 2, term.id());
  }

  ClaimLostException lost() {
    return new ClaimLostException(ended
        ? "the claim of " + name() + " has ended"
        : "the claim of " + name() + " is lost: this process did not renew its lease in time");
  }

  /** For a statement that found no record claimed by a live session of this process: renews the lease, or finds out. */
  ClaimLostException lostInDatabase() {
    end();
    session.checkLease();
    return new ClaimLostException(
        "the claim of " + name() + " is lost: its lease ran out, or another process has claimed"
            + " the record");
  }

  int length() {
    return triedLength;
  }

  void tryLength(int tried) {
    triedLength = tried;
  }

  void keepLength() {
    length = triedLength;
  }

  void resetLength() {
    triedLength = length;
  }
}
