package io.heartbeat4j.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may reach the server, and who is told of requests. */
final class HttpFrontendTest {

  private final Vertx vertx = Vertx.vertx();
  private final EmbeddedPaperclip server = TestHttpClient.await(EmbeddedPaperclip.start(vertx));

  @AfterEach
  void stop() {
    TestHttpClient.await(server.close().compose(closed -> vertx.close()));
  }

  @Test
  void another_sites_name_that_was_pointed_to_loopback_is_refused() throws IOException {
    assertThat(statusOf("GET /api/companies HTTP/1.1\r\nHost: evil.example\r\n\r\n")).contains(" 403 ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "localhost:1", "[::1]:3100"})
  void a_name_of_loopback_is_served(String host) throws IOException {
    assertThat(statusOf("GET /api/companies HTTP/1.1\r\nHost: " + host + "\r\n\r\n")).contains(" 200 ");
  }

  @Test
  void a_listener_gets_requests_with_their_answers_and_none_is_kept() throws IOException {
    List<String> seen = new ArrayList<>();
    server.requests().passTo((request, answer) -> seen.add(request.path() + " " + request.status() + " " + answer));

    statusOf("GET /api/nothing HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer none\r\n\r\n");

    assertThat(seen).singleElement().asString().startsWith("/api/nothing 4").contains("\"error\"");
    assertThat(server.requests().all()).isEmpty();
  }

  private String statusOf(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), URI.create(server.url()).getPort())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      return String.valueOf(
          new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8)).readLine());
    }
  }
}
