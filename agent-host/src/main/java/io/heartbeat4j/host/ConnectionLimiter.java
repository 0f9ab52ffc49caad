package io.heartbeat4j.host;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.SocketAddress;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Limits the connections of one listener, so that clients without a key can't take all of them. One remote address has
 * at most half of them without a key, and a connection has to bring a request soon. Confined to the host's event loop.
 */
final class ConnectionLimiter {

  private static final long FIRST_REQUEST_MILLIS = 10_000;

  private final Vertx vertx;
  private final int max;
  private final int maxWithoutKey;
  private final Map<HttpConnection, OpenConnection> open = new HashMap<>();
  private final Map<String, Integer> withoutKey = new HashMap<>();
  private int operators;

  private static final class OpenConnection {
    private final String address;
    private final long deadline;
    private boolean hasKey;
    private boolean isOperator;

    OpenConnection(String address, long deadline) {
      this.address = address;
      this.deadline = deadline;
    }
  }

  ConnectionLimiter(Vertx vertx, int max) {
    this.vertx = vertx;
    this.max = max;
    this.maxWithoutKey = Math.max(1, max / 2);
  }

  /** Takes in a new connection, or closes it. */
  void accept(HttpConnection connection) {
    String address = address(connection.remoteAddress());
    if (open.size() - operators >= max || withoutKey.getOrDefault(address, 0) >= maxWithoutKey) {
      connection.close();
      return;
    }
    long deadline = vertx.setTimer(FIRST_REQUEST_MILLIS, late -> connection.close());
    open.put(connection, new OpenConnection(address, deadline));
    withoutKey.merge(address, 1, Integer::sum);
    connection.closeHandler(closed -> remove(connection));
  }

  private static String address(@Nullable SocketAddress remote) {
    return remote == null || remote.hostAddress() == null ? "" : remote.hostAddress();
  }

  /** A complete request head has arrived. */
  void onRequest(HttpConnection connection) {
    OpenConnection known = open.get(connection);
    if (known != null) {
      vertx.cancelTimer(known.deadline);
    }
  }

  /** The connection has shown an agent's key: its address may have more of them. */
  void onAgentKey(HttpConnection connection) {
    OpenConnection known = open.get(connection);
    if (known != null && !known.hasKey) {
      known.hasKey = true;
      decrement(known.address);
    }
  }

  /** The connection has shown the view key: it is not counted, so that watchers don't displace wakes. */
  void onViewKey(HttpConnection connection) {
    onAgentKey(connection);
    OpenConnection known = open.get(connection);
    if (known != null && !known.isOperator) {
      known.isOperator = true;
      operators++;
    }
  }

  private void remove(HttpConnection connection) {
    OpenConnection known = open.remove(connection);
    if (known == null) {
      return;
    }
    vertx.cancelTimer(known.deadline);
    if (!known.hasKey) {
      decrement(known.address);
    }
    if (known.isOperator) {
      operators--;
    }
  }

  private void decrement(String address) {
    int left = withoutKey.getOrDefault(address, 0) - 1;
    if (left > 0) {
      withoutKey.put(address, left);
    } else {
      withoutKey.remove(address);
    }
  }
}
