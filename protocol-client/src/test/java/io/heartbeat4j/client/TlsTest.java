package io.heartbeat4j.client;

import static io.heartbeat4j.client.RawTcpServer.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.client.RawTcpServer.Response;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plain and TLS taken for one another: one line that says which of the two the address should name. */
class TlsTest {

  private static final ClientOptions OPTIONS = ClientOptions.defaults()
      .withTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(5))
      .withBackOff(Duration.ofMillis(1), Duration.ofMillis(1))
      .withMaxAttempts(1);

  private final Vertx vertx = Vertx.vertx();

  @TempDir
  Path directory;

  @AfterEach
  void close() {
    await(vertx.close());
  }

  private String failure(ServerUrl url) {
    return await(PaperclipClient.connect(vertx, url, OPTIONS).session(SampleData.TOKEN).me()
        .map(me -> "it succeeded")
        .otherwise(failure -> failure.getClass().getSimpleName() + ": " + failure.getMessage()));
  }

  @Test
  void a_certificate_that_nobody_trusts_is_said_to_be_just_that() throws IOException, InterruptedException {
    try (RawTcpServer server = RawTcpServer.answeringOverTls(
        vertx, SelfSignedCertificate.in(directory), any -> Response.json(200, SampleData.AGENT))) {
      assertThat(failure(server.url())).doesNotContain("\n")
          .startsWith("ServerUnreachable: ")
          .contains(server.url().toString(), "certificate", "javax.net.ssl.trustStore");
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void https_to_a_plain_server_names_http() {
    int node = plainServer(
        socket -> socket.end(Buffer.buffer("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")));

    assertThat(failure(ServerUrl.of("https://127.0.0.1:" + node))).doesNotContain("\n")
        .startsWith("ServerUnreachable: ").contains("does not speak TLS", "http://");
  }

  @Test
  void https_to_a_server_that_hangs_up_on_the_greeting_names_http_too() {
    int rude = plainServer(NetSocket::close);

    assertThat(failure(ServerUrl.of("https://127.0.0.1:" + rude))).doesNotContain("\n")
        .startsWith("ServerUnreachable: ").contains("http://");
  }

  /** A server that takes the TLS greeting for a request; returns its port. */
  private int plainServer(Consumer<NetSocket> onGreeting) {
    return await(vertx.createNetServer()
        .connectHandler(socket -> socket.handler(greeting -> onGreeting.accept(socket)))
        .listen(0, "127.0.0.1")).actualPort();
  }

  @Test
  void http_to_a_tls_server_names_https() throws IOException, InterruptedException {
    try (RawTcpServer server = RawTcpServer.answeringOverTls(
        vertx, SelfSignedCertificate.in(directory), any -> Response.json(200, SampleData.AGENT))) {
      assertThat(failure(server.urlOverTls(false))).doesNotContain("\n")
          .startsWith("ResponseLost: ").contains("https://");
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void a_certificate_that_the_jvm_trusts_is_no_trouble_and_the_answer_is_read()
      throws IOException, InterruptedException {
    SelfSignedCertificate certificate = SelfSignedCertificate.in(directory);
    String before = System.getProperty("javax.net.ssl.trustStore");
    assertThat(before).as("a trust store of the test run's own").isNull();
    try (RawTcpServer server = RawTcpServer.answeringOverTls(vertx, certificate,
        any -> Response.json(200, SampleData.AGENT))) {
      System.setProperty("javax.net.ssl.trustStore", certificate.file().toString());
      System.setProperty("javax.net.ssl.trustStorePassword", certificate.password());
      Future<String> name = PaperclipClient.connect(vertx, server.url(), OPTIONS).session(SampleData.TOKEN).me()
          .map(me -> me.name());
      assertThat(await(name)).isEqualTo("Wren");
    } finally {
      System.clearProperty("javax.net.ssl.trustStore");
      System.clearProperty("javax.net.ssl.trustStorePassword");
    }
  }
}
