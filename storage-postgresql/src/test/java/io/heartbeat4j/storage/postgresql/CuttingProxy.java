package io.heartbeat4j.storage.postgresql;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands before the server, and can break the connection just when the answer to a commit comes, or claim another
 * version.
 */
final class CuttingProxy implements AutoCloseable {

  private final ServerSocket server;
  private final int target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger toCut = new AtomicInteger();
  private final AtomicInteger cuts = new AtomicInteger();
  private volatile String claimedVersion = "";

  CuttingProxy(int target) throws IOException {
    this.target = target;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /** The next commits succeed, but their answers do not arrive. */
  void cutAnswers(int commits) {
    toCut.set(commits);
  }

  /** From now on the server tells this major version, of two digits. */
  void claimVersion(String major) {
    claimedVersion = major;
  }

  int cuts() {
    return cuts.get();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        open.add(client);
        Socket database = new Socket(InetAddress.getLoopbackAddress(), target);
        Thread.ofVirtual().start(() -> copy(client, database, false));
        Thread.ofVirtual().start(() -> copy(database, client, true));
      }
    } catch (IOException closed) {
      // the test is over
    }
  }

  private void copy(Socket from, Socket to, boolean answers) {
    try (from; to; InputStream in = from.getInputStream(); OutputStream out = to.getOutputStream()) {
      byte[] buffer = new byte[65_536];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        String bytes = new String(buffer, 0, read, ISO_8859_1);
        if (answers && bytes.contains("COMMIT\0")
            && toCut.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
          cuts.incrementAndGet();
          return;
        }
        out.write(answers && !claimedVersion.isEmpty()
            ? bytes.replaceFirst("server_version\0\\d\\d", "server_version\0" + claimedVersion).getBytes(ISO_8859_1)
            : bytes.getBytes(ISO_8859_1));
      }
    } catch (IOException closed) {
      // by the other direction
    }
  }

  /** Ends all connections and refuses new ones. */
  @Override
  public void close() throws IOException {
    server.close();
    for (Socket each : open) {
      each.close();
    }
  }
}
