package io.heartbeat4j.it;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Another way to the server, on which the first request of a kind is held: before the server sees it, or before the
 * agent sees the answer. The test then {@linkplain #cutConnection cuts} its connection. All others pass, each on a
 * connection of its own.
 */
final class RequestHoldingProxy implements AutoCloseable {

  enum HoldMoment {
    BEFORE, AFTER
  }

  private static final Pattern LENGTH = Pattern.compile("(?im)^content-length: *([0-9]+)");
  private static final long LIMIT_SECONDS = 90;

  private final URI server;
  private final Pattern requestPattern;
  private final HoldMoment holdMoment;
  private final AtomicBoolean alreadyMatched = new AtomicBoolean();
  private final CountDownLatch held = new CountDownLatch(1);
  private final CountDownLatch cutConnection = new CountDownLatch(1);
  private final int port;
  private volatile ServerSocket serverSocket;

  /** @param kind matches the method and the path of what is held, such as {@code PATCH /api/issues/.*} */
  RequestHoldingProxy(String server, String kind, HoldMoment holdMoment) throws IOException {
    this.server = URI.create(server);
    this.requestPattern = Pattern.compile(kind);
    this.holdMoment = holdMoment;
    this.serverSocket = open(0);
    this.port = serverSocket.getLocalPort();
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  /** Waits until there is a request that is held. */
  void awaitHeld() {
    try {
      if (!held.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("waited " + LIMIT_SECONDS + " s for " + requestPattern);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  /** Closes the connection of the held request, without an answer. */
  void cutConnection() {
    cutConnection.countDown();
  }

  /** From now on connections are refused, as by a machine on which nothing listens. */
  void refuseConnections() throws IOException {
    serverSocket.close();
  }

  void acceptConnections() throws IOException {
    serverSocket = open(port);
  }

  @Override
  public void close() throws IOException {
    cutConnection();
    serverSocket.close();
  }

  private ServerSocket open(int port) throws IOException {
    ServerSocket opened = new ServerSocket();
    opened.setReuseAddress(true);
    opened.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    Thread.ofVirtual().start(() -> {
      while (!opened.isClosed()) {
        try {
          Socket agent = opened.accept();
          Thread.ofVirtual().start(() -> serve(agent));
        } catch (IOException closed) {
          return;
        }
      }
    });
    return opened;
  }

  private void serve(Socket agent) {
    try (agent) {
      byte[] request = readRequest(agent.getInputStream());
      boolean first = requestPattern.matcher(requestLine(request)).lookingAt()
          && alreadyMatched.compareAndSet(false, true);
      if (first && holdMoment == HoldMoment.BEFORE) {
        hold();
        return;
      }
      try (Socket upstream = new Socket(server.getHost(), server.getPort())) {
        upstream.getOutputStream().write(request);
        byte[] answer = upstream.getInputStream().readAllBytes();
        if (first) {
          hold();
          return;
        }
        agent.getOutputStream().write(answer);
      }
    } catch (IOException broken) {
      // the agent or the server is gone: the other one sees its connection closed
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void hold() throws InterruptedException {
    held.countDown();
    cutConnection.await();
  }

  /** The whole request, which asks the server to close the connection after its answer. */
  private static byte[] readRequest(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("no request");
      }
      head.write(next);
    }
    String text = head.toString(StandardCharsets.ISO_8859_1);
    Matcher length = LENGTH.matcher(text);
    byte[] body = length.find() ? in.readNBytes(Integer.parseInt(length.group(1))) : new byte[0];
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(
        (text.substring(0, text.length() - 2) + "Connection: close\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
    whole.writeBytes(body);
    return whole.toByteArray();
  }

  private static String requestLine(byte[] request) {
    return new String(request, StandardCharsets.ISO_8859_1).lines().findFirst().orElse("");
  }
}
