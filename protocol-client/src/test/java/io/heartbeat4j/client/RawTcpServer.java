package io.heartbeat4j.client;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A server on loopback that knows nothing of HTTP but where a request ends: a test writes its answers byte by byte. */
final class RawTcpServer implements AutoCloseable {

  /**
   * A request as it came.
   *
   * @param connection which connection it came on, from 1
   * @param number how many came before it, and itself
   */
  record Request(int connection, int number, String head, String body) {

    String line() {
      return head.lines().findFirst().orElse("");
    }

    String header(String name) {
      return head.lines()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":"))
          .map(line -> line.substring(name.length() + 1).strip())
          .findFirst().orElse("");
    }
  }

  /** What to write, and whether to close the connection after it. */
  record Response(Buffer bytes, boolean closes) {

    static Response json(int status, String body, String... headers) {
      return of(status, "application/json", Buffer.buffer(body), headers);
    }

    static Response of(int status, String type, Buffer body, String... headers) {
      StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Whatever\r\nContent-Type: " + type + "\r\n");
      for (String header : headers) {
        head.append(header).append("\r\n");
      }
      return new Response(
          Buffer.buffer(head + "Content-Length: " + body.length() + "\r\n\r\n").appendBuffer(body), false);
    }

    static Response raw(String bytes) {
      return new Response(Buffer.buffer(bytes), false);
    }

    static Response empty() {
      return raw("");
    }

    Response thenClose() {
      return new Response(bytes, true);
    }
  }

  private final NetServer server;
  private final String scheme;
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();

  private RawTcpServer(NetServer server, String scheme) {
    this.server = server;
    this.scheme = scheme;
  }

  static RawTcpServer answering(Vertx vertx, Function<Request, Response> answers) {
    return start(vertx, new NetServerOptions(), "http", answers);
  }

  static RawTcpServer answeringOverTls(Vertx vertx, SelfSignedCertificate certificate,
      Function<Request, Response> answers) {
    return start(vertx, new NetServerOptions().setSsl(true).setKeyCertOptions(certificate.keyStore()), "https",
        answers);
  }

  private static RawTcpServer start(
      Vertx vertx, NetServerOptions options, String scheme, Function<Request, Response> answers) {
    NetServer net = vertx.createNetServer(options.setHost("127.0.0.1").setPort(0));
    RawTcpServer server = new RawTcpServer(net, scheme);
    net.connectHandler(socket -> server.serve(socket, answers)).exceptionHandler(badHandshake -> {});
    await(net.listen());
    return server;
  }

  private void serve(NetSocket socket, Function<Request, Response> answers) {
    int connection = connections.incrementAndGet();
    StringBuilder read = new StringBuilder();
    socket.exceptionHandler(brokenByTheClient -> {});
    socket.handler(chunk -> {
      String text = read.append(chunk.toString(StandardCharsets.ISO_8859_1)).toString();
      int end = text.indexOf("\r\n\r\n");
      if (end < 0) {
        return;
      }
      Request head = new Request(connection, requests.size() + 1, text.substring(0, end), text.substring(end + 4));
      String length = head.header("content-length");
      if (head.body().length() < (length.isEmpty() ? 0 : Integer.parseInt(length))) {
        return;
      }
      read.setLength(0);
      requests.add(head);
      Response response = answers.apply(head);
      Future<Void> written = response.bytes().length() == 0 ? Future.succeededFuture() : socket.write(response.bytes());
      if (response.closes()) {
        written.onComplete(done -> socket.close());
      }
    });
  }

  ServerUrl url() {
    return ServerUrl.of(scheme + "://127.0.0.1:" + server.actualPort());
  }

  /** The same port, spoken to in the other scheme. */
  ServerUrl urlOverTls(boolean tls) {
    return ServerUrl.of((tls ? "https" : "http") + "://127.0.0.1:" + server.actualPort());
  }

  List<Request> requests() {
    return List.copyOf(requests);
  }

  int connections() {
    return connections.get();
  }

  @Override
  public void close() {
    await(server.close());
  }

  static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }
}
