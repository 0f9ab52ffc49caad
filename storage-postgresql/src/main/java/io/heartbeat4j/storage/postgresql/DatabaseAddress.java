package io.heartbeat4j.storage.postgresql;

import java.time.Duration;
import java.util.Map;

/**
 * What a URL and the environment say about the database.
 *
 * @param password empty where the server asks for none
 * @param schema of lower case letters, digits and {@code _}
 * @param lease how long a silent process keeps its claims
 * @param pool the most connections for statements; two more are for the lease and the signals
 * @param tls parameters of the driver, such as {@code sslmode}
 */
record DatabaseAddress(
    String host, int port, String database, String user, String password, String schema, Duration lease, int pool,
    Map<String, String> tls) {

  /** For SQL: the name may be one of its words. */
  String quotedSchema() {
    return '"' + schema + '"';
  }

  /** For messages: without user and password. */
  String shown() {
    return "postgresql://" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port + "/" + database;
  }

  @Override
  public String toString() {
    return shown();
  }
}
