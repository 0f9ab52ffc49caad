package io.heartbeat4j.embedded;

import io.heartbeat4j.embedded.rules.SenderIdentity;
import io.heartbeat4j.embedded.rules.ServerRequest;
import io.heartbeat4j.embedded.rules.ServerResponse;
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

/** Writes the response of one HTTP request, with the headers of every response, and records the request. */
final class HttpResponseWriter {

  static final String JSON = "application/json; charset=utf-8";
  static final Map<String, String> JSON_HEADERS = Map.of("content-type", JSON);
  private static final int COMPRESSION_THRESHOLD = 1024;

  private final HttpServerRequest http;
  private final ServerRequest serverRequest;
  private final Optional<SenderIdentity> sender;
  private final RequestRecorder recorder;

  HttpResponseWriter(HttpServerRequest http, ServerRequest serverRequest, Optional<SenderIdentity> sender,
      RequestRecorder requestRecorder) {
    this.http = http;
    this.serverRequest = serverRequest;
    this.sender = sender;
    this.recorder = requestRecorder;
  }

  void respond(ServerResponse serverResponse) {
    String text = serverResponse.body().isMissingNode() ? "" : serverResponse.body().toString();
    recordRequest(serverResponse.status(), text);
    HttpServerResponse out = withCommonHeaders().setStatusCode(serverResponse.status());
    serverResponse.headers().forEach(out::putHeader);
    if (serverResponse.body().isMissingNode()) {
      out.end();
      return;
    }
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    if (!serverResponse.headers().containsKey("etag")) {
      String tag = weakETag(body);
      out.putHeader("etag", tag);
      if (isNotModified(serverResponse, tag)) {
        out.setStatusCode(304).end();
        return;
      }
    }
    out.putHeader("content-type", JSON);
    send(out, body);
  }

  private boolean isNotModified(ServerResponse serverResponse, String tag) {
    return serverRequest.method().equals("GET")
        && serverResponse.status() == 200
        && tag.equals(serverRequest.headers().get("if-none-match"));
  }

  void respond(int status, Map<String, String> headers, String body) {
    recordRequest(status, body);
    HttpServerResponse out = withCommonHeaders().setStatusCode(status);
    headers.forEach(out::putHeader);
    out.end(body);
  }

  void respondTruncated(ServerResponse serverResponse, int bytes) {
    String text = serverResponse.body().toString();
    recordRequest(serverResponse.status(), text);
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    HttpServerResponse out = withCommonHeaders().setStatusCode(serverResponse.status()).putHeader("content-type", JSON);
    out.putHeader("content-length", Integer.toString(body.length));
    out.write(Buffer.buffer(body).slice(0, Math.min(bytes, body.length - 1)))
        .onComplete(written -> http.connection().close());
  }

  /** Closes the socket without a response. */
  void closeConnection() {
    recordRequest(0, "");
    http.connection().close();
  }

  private HttpServerResponse withCommonHeaders() {
    return http.response()
        .putHeader("x-powered-by", "Express")
        .putHeader("connection", "keep-alive")
        .putHeader("keep-alive", "timeout=185");
  }

  private void send(HttpServerResponse out, byte[] body) {
    boolean large = body.length > COMPRESSION_THRESHOLD;
    if (large) {
      out.putHeader("vary", "Accept-Encoding");
    }
    String accepted = serverRequest.headers().getOrDefault("accept-encoding", "").toLowerCase(Locale.ROOT);
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

  private static String weakETag(byte[] body) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-1").digest(body);
      String text = Base64.getEncoder().encodeToString(hash).substring(0, 27);
      return "W/\"" + Integer.toHexString(body.length) + "-" + text + "\"";
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private void recordRequest(int status, String answer) {
    if (serverRequest.headers().getOrDefault("authorization", "").isBlank()) {
      return;
    }
    recorder.add(
        new RecordedRequest(
            serverRequest.method(),
            http.uri(),
            sender.map(SenderIdentity::agentId),
            sender.flatMap(SenderIdentity::runId),
            serverRequest.body(),
            status),
        answer);
  }
}
