package io.heartbeat4j.embedded;

import io.heartbeat4j.embedded.rules.Request;
import io.heartbeat4j.embedded.rules.Response;
import io.heartbeat4j.embedded.rules.Sender;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/** One request on its socket, with the headers that every answer of the server carries. */
final class Exchange {

  static final String JSON = "application/json; charset=utf-8";
  private static final int COMPRESSION_FROM = 1024;

  private final HttpServerRequest http;
  private final Request request;
  private final Optional<Sender> sender;
  private final Requests requests;

  Exchange(HttpServerRequest http, Request request, Optional<Sender> sender, Requests requests) {
    this.http = http;
    this.request = request;
    this.sender = sender;
    this.requests = requests;
  }

  void answer(Response response) {
    record(response.status());
    HttpServerResponse out = common().setStatusCode(response.status());
    response.headers().forEach(out::putHeader);
    if (response.body().isMissingNode()) {
      out.end();
      return;
    }
    byte[] body = response.body().toString().getBytes(StandardCharsets.UTF_8);
    if (!response.headers().containsKey("etag")) {
      String tag = weakTag(body);
      out.putHeader("etag", tag);
      if (unchanged(response, tag)) {
        out.setStatusCode(304).end();
        return;
      }
    }
    out.putHeader("content-type", JSON);
    send(out, body);
  }

  private boolean unchanged(Response response, String tag) {
    return request.method().equals("GET")
        && response.status() == 200
        && tag.equals(request.headers().get("if-none-match"));
  }

  void answer(int status, Map<String, String> headers, String body) {
    record(status);
    HttpServerResponse out = common().setStatusCode(status);
    headers.forEach(out::putHeader);
    out.end(body);
  }

  void truncate(Response response, int bytes) {
    record(response.status());
    byte[] body = response.body().toString().getBytes(StandardCharsets.UTF_8);
    HttpServerResponse out = common().setStatusCode(response.status()).putHeader("content-type", JSON);
    out.putHeader("content-length", Integer.toString(body.length));
    out.write(Buffer.buffer(body).slice(0, Math.min(bytes, body.length - 1)))
        .onComplete(written -> http.connection().close());
  }

  /** Closes the socket without an answer. */
  void breakOff() {
    record(0);
    http.connection().close();
  }

  private HttpServerResponse common() {
    return http.response()
        .putHeader("x-powered-by", "Express")
        .putHeader("connection", "keep-alive")
        .putHeader("keep-alive", "timeout=185");
  }

  private void send(HttpServerResponse out, byte[] body) {
    boolean large = body.length > COMPRESSION_FROM;
    if (large) {
      out.putHeader("vary", "Accept-Encoding");
    }
    String accepted = request.headers().getOrDefault("accept-encoding", "").toLowerCase(Locale.ROOT);
    if (large && accepted.contains("gzip")) {
      out.putHeader("content-encoding", "gzip").end(Buffer.buffer(gzip(body)));
    } else {
      out.end(Buffer.buffer(body));
    }
  }

  private static byte[] gzip(byte[] body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(body);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  private static String weakTag(byte[] body) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-1").digest(body);
      String text = Base64.getEncoder().encodeToString(hash).substring(0, 27);
      return "W/\"" + Integer.toHexString(body.length) + "-" + text + "\"";
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private void record(int status) {
    if (request.headers().getOrDefault("authorization", "").isBlank()) {
      return;
    }
    requests.add(
        new RecordedRequest(
            request.method(),
            http.uri(),
            sender.map(Sender::agentId),
            sender.flatMap(Sender::runId),
            request.body(),
            status));
  }
}
