package io.heartbeat4j.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.worker.WorkResult;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever is sent to the port, nothing is done for it and the host goes on. */
class ForeignRequestTest {

  private static final String KEY = "{KEY}";
  private static final List<String> PIECES = List.of("GET /", "POST /", "PUT /", "v1/runs", "v1/wakes", "/events",
      "/stop",
      "live/events", "metrics", "page/../", "%2e%2e/", "%zz", "?a=b", " HTTP/1.1\r\n", " HTTP/2.0\r\n", "host: h\r\n",
      "authorization: bearer " + KEY + "\r\n", "authorization: Basic eA==\r\n", "idempotency-key: x\r\n",
      "idempotency-key: 0b7c0000-0000-4000-8000-000000000001\r\n", "content-length: 5\r\n", "content-length: -1\r\n",
      "transfer-encoding: chunked\r\n", "expect: 100-continue\r\n", "upgrade: h2c\r\n", "upgrade: websocket\r\n",
      "\r\n",
      "{\"runId\":", "\"0b7c0000-0000-4000-8000-000000000001\"", "}", "[".repeat(3_000), "5\r\n", "zz\r\n", "0\r\n\r\n",
      "\u0000", "x".repeat(9_000), ": ", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

  private static HostFixture scene = new HostFixture();

  @BeforeContainer
  static void start() {
    scene.addAgent("Wren", context -> new WorkResult.Done("never"));
    scene.start();
  }

  @AfterContainer
  static void close() {
    scene.close();
  }

  @Property(tries = 300)
  void a_request(@ForAll("requests") String request) throws IOException {
    String answer = send(request.replace(KEY, scene.accessKey("Wren")));

    assertThat(answer).doesNotContain(" 500 ", " 202 ", "Exception");
    assertThat(send("GET /healthz HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n")).contains(" 200 ")
        .endsWith("ok\n");
  }

  @Example
  void the_requests_reach_what_they_are_for() throws IOException {
    assertThat(send("POST /v1/wakes HTTP/1.1\r\nhost: h\r\nauthorization: bearer " + scene.accessKey("Wren")
        + "\r\ncontent-length: 2\r\n\r\n{}")).contains(" 400 ");
  }

  /** The whole answer, unless the host waits for more of the request. */
  private static String send(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), scene.port)) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (SocketException closed) {
      return "";
    }
  }

  @Provide
  Arbitrary<String> requests() {
    return Arbitraries.of(PIECES).list().ofMaxSize(14).map(parts -> String.join("", parts));
  }
}
