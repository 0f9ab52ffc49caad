package io.heartbeat4j.worker.llm;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** A provider that sends exactly the bytes that a test wants, one answer per request. */
final class RawResponseServer implements AutoCloseable {

  /** Writes one answer. */
  interface Response {
    void to(HttpExchange exchange) throws IOException;
  }

  private final HttpServer server;
  private final Queue<Response> replies;
  private final List<Request> requests = new CopyOnWriteArrayList<>();

  private RawResponseServer(HttpServer server, List<Response> replies) {
    this.server = server;
    this.replies = new ArrayDeque<>(replies);
  }

  static RawResponseServer start(Response... replies) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    RawResponseServer provider = new RawResponseServer(server, List.of(replies));
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", provider::answer);
    server.start();
    return provider;
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
  }

  /** The bodies of the requests, in order. */
  List<String> requests() {
    return requests.stream().map(Request::body).toList();
  }

  /** The requests in full, in order. */
  List<Request> received() {
    return List.copyOf(requests);
  }

  /** A request as it came; {@code target} is an address where it was sent by way of a proxy. */
  record Request(String protocol, String target, Headers headers, String body) {}

  private void answer(HttpExchange exchange) throws IOException {
    requests.add(new Request(exchange.getProtocol(), exchange.getRequestURI().toString(), exchange.getRequestHeaders(),
        new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
    Response response;
    synchronized (replies) {
      response = replies.poll();
    }
    if (response == null) {
      exchange.sendResponseHeaders(418, -1);
    } else {
      response.to(exchange);
    }
    exchange.close();
  }

  /** The events of a stream, every byte in a packet of its own. */
  static Response bytewise(String events) {
    return exchange -> {
      OutputStream body = stream(exchange);
      for (byte each : events.getBytes(StandardCharsets.UTF_8)) {
        body.write(each);
        body.flush();
      }
    };
  }

  /** The events of a stream, after which nothing comes and the connection stays open until the reader has gone. */
  static Response stalling(String events) {
    return exchange -> {
      OutputStream body = stream(exchange);
      body.write(events.getBytes(StandardCharsets.UTF_8));
      try {
        while (true) {
          body.flush();
          Thread.sleep(50);
          body.write(new byte[0]);
        }
      } catch (InterruptedException | IOException gone) {
        // the reader has gone, or the test is over
      }
    };
  }

  static Response refusing(int status, String header, String value, String body) {
    return exchange -> {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().add(header, value);
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    };
  }

  private static OutputStream stream(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    return exchange.getResponseBody();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
