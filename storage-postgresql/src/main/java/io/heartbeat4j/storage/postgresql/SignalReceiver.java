package io.heartbeat4j.storage.postgresql;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens on a connection of its own, and connects again when it breaks; signals sent meanwhile are lost. */
final class SignalReceiver {

  private static final Logger LOG = LoggerFactory.getLogger(SignalReceiver.class);
  private static final Duration SILENCE = Duration.ofSeconds(10);

  private final ConnectionFactory connections;
  private final String channel;
  private final Map<String, List<Consumer<String>>> receivers = new ConcurrentHashMap<>();
  private final Thread thread = Thread.ofVirtual().name("heartbeat4j-signals").unstarted(this::receive);
  private volatile @Nullable Connection connection;
  private volatile boolean closed;

  SignalReceiver(ConnectionFactory connections, String channel) {
    this.connections = connections;
    this.channel = channel;
  }

  /** Connects; blocks. */
  void start() throws SQLException {
    listen();
    thread.start();
  }

  void subscribe(String topic, Consumer<String> receiver) {
    receivers.computeIfAbsent(topic, any -> new CopyOnWriteArrayList<>()).add(receiver);
  }

  void close() throws InterruptedException {
    closed = true;
    thread.interrupt();
    disconnect();
    thread.join();
    disconnect();
  }

  private void receive() {
    Backoff backoff = new Backoff();
    boolean failing = false;
    while (!closed) {
      try {
        Connection current = connection;
        if (current == null) {
          current = listen();
          backoff = new Backoff();
          failing = false;
        }
        for (PGNotification each : next(current)) {
          deliver(each.getParameter());
        }
      } catch (SQLException e) {
        disconnect();
        if (!closed) {
          if (!failing) {
            LOG.warn("signals are lost until there is a connection again: {}", e.getMessage());
          }
          failing = true;
          try {
            Thread.sleep(backoff.next());
          } catch (InterruptedException stop) {
            return;
          }
        }
      }
    }
  }

  private Connection listen() throws SQLException {
    Connection current = connections.single(SILENCE);
    connection = current;
    try (Statement statement = current.createStatement()) {
      statement.execute("listen \"" + channel + "\"");
    }
    return current;
  }

  /** Waits; a statement after a silence finds out whether the connection still works. */
  private static PGNotification[] next(Connection current) throws SQLException {
    PGNotification[] received = current.unwrap(PGConnection.class).getNotifications((int) SILENCE.toMillis());
    if (received != null && received.length > 0) {
      return received;
    }
    try (Statement statement = current.createStatement()) {
      statement.execute("select 1");
    }
    return new PGNotification[0];
  }

  private void deliver(String message) {
    int space = message.indexOf(' ');
    String topic = space < 0 ? message : message.substring(0, space);
    for (Consumer<String> each : receivers.getOrDefault(topic, List.of())) {
      try {
        each.accept(space < 0 ? "" : message.substring(space + 1));
      } catch (RuntimeException e) {
        LOG.warn("a receiver of {} failed", topic, e);
      }
    }
  }

  private void disconnect() {
    Connection current = connection;
    connection = null;
    if (current != null) {
      try {
        // close() would wait for the thread that waits for signals
        current.abort(Runnable::run);
      } catch (SQLException e) {
        LOG.debug("the connection was broken", e);
      }
    }
  }
}
