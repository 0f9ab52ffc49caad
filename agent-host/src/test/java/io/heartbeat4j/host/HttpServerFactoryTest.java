package io.heartbeat4j.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heartbeat4j.host.config.HostLimits;
import io.heartbeat4j.host.config.HttpServerConfiguration;
import io.heartbeat4j.worker.Secret;
import io.heartbeat4j.worker.WorkResult;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.PemTrustOptions;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the host's listener lets in, and how much of it. */
class HttpServerFactoryTest {

  private final HostFixture scene = new HostFixture();

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void with_a_certificate_the_host_speaks_tls_and_nothing_else(@TempDir Path directory)
      throws IOException, InterruptedException, GeneralSecurityException {
    TestCertificate testCertificate = TestCertificate.createIn(directory);
    scene.tls = Optional.of(new HttpServerConfiguration.TlsFiles(testCertificate.certificate(), testCertificate.key()));
    scene.addAgent("Wren", context -> new WorkResult.Done("never"));
    scene.start();
    HttpClient trusting = scene.vertx.createHttpClient(new HttpClientOptions().setSsl(true)
        .setTrustOptions(new PemTrustOptions().addCertPath(testCertificate.certificate().toString())));
    HttpClient doubting = scene.vertx.createHttpClient(new HttpClientOptions().setSsl(true));

    assertThat(wake(trusting, scene.accessKey("Wren"))).isEqualTo(403); // let in by its key; the run is not the agent's
    assertThat(wake(trusting, "x".repeat(40))).isEqualTo(401);
    assertThatThrownBy(() -> wake(doubting, scene.accessKey("Wren"))).hasStackTraceContaining("certificate");
    assertThat(plain("GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n")).doesNotContain("200");
  }

  private int wake(HttpClient client, String bearer) {
    return HostFixture.await(client.request(HttpMethod.POST, scene.port, "localhost", "/v1/runs")
        .compose(request -> request
            .putHeader("authorization", "Bearer " + bearer)
            .putHeader("idempotency-key", UUID.randomUUID().toString())
            .send("{}"))
        .map(answer -> answer.statusCode()));
  }

  @Test
  void a_port_that_somebody_else_has_is_named_with_what_to_change() throws IOException {
    try (ServerSocket somebody = new ServerSocket(scene.port, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(scene::start).hasStackTraceContaining(
          "can't listen on 127.0.0.1:" + somebody.getLocalPort()).hasStackTraceContaining("set another listen.port");
    }
    scene.start();
  }

  @Test
  void connections_beyond_the_limit_are_closed_at_once_and_a_closed_one_makes_room() throws IOException {
    scene.limits = limits(4, 1 << 20); // of which one address has half
    scene.start();

    try (Socket first = connection(); Socket second = connection()) {
      assertThat(health(first)).isTrue();
      assertThat(health(second)).isTrue();
      try (Socket third = connection()) {
        assertThat(health(third)).isFalse();
      }
      first.close();
      HostFixture.waitUntil("there is room again", () -> {
        try (Socket another = connection()) {
          return health(another);
        } catch (IOException refused) {
          return false;
        }
      });
      assertThat(health(second)).isTrue();
    }
  }

  @Test
  void connections_with_a_key_leave_the_half_of_their_address_to_others_up_to_the_limit() throws IOException {
    scene.limits = limits(4, 1 << 20);
    scene.addAgent("Wren", context -> new WorkResult.Done("never"));
    scene.start();

    try (Socket first = connection(); Socket second = connection(); Socket third = connection()) {
      assertThat(health(third)).isFalse();
      assertThat(status(first, post("authorization: Bearer " + scene.accessKey("Wren") + "\r\n", ""))).isEqualTo(400);
      assertThat(status(second, post("authorization: Bearer " + scene.accessKey("Wren") + "\r\n", ""))).isEqualTo(400);
      try (Socket fourth = connection(); Socket fifth = connection(); Socket sixth = connection()) {
        assertThat(health(fourth)).isTrue();
        assertThat(health(fifth)).isTrue();
        assertThat(health(sixth)).isFalse();
      }
    }
  }

  @Test
  void the_socket_and_the_operators_page_take_no_connection_from_the_wakes(@TempDir Path directory)
      throws IOException {
    String view = "view-" + UUID.randomUUID();
    scene.limits = limits(2, 1 << 20);
    scene.viewKey = Optional.of(Secret.of(view));
    scene.socket = Optional.of(directory.resolve("wake.sock"));
    scene.start();
    UnixDomainSocketAddress path = UnixDomainSocketAddress.of(directory.resolve("wake.sock"));
    String live = "GET /live/events HTTP/1.1\r\nhost: h\r\nauthorization: Bearer " + view + "\r\n\r\n";

    try (SocketChannel one = SocketChannel.open(path);
        SocketChannel two = SocketChannel.open(path);
        Socket page = connection()) {
      assertThat(one.isConnected() && two.isConnected()).isTrue();
      assertThat(status(page, live)).isEqualTo(200);
      try (Socket other = connection()) {
        assertThat(status(other, live)).isEqualTo(200);
        try (Socket wake = connection()) {
          assertThat(health(wake)).isTrue();
        }
      }
    }
  }

  /** Takes 10 s of real time: as long as the host waits for a request. */
  @Test
  void a_connection_that_brings_no_complete_request_is_closed_whatever_it_sends() throws IOException {
    scene.start();

    try (Socket healthy = connection(); Socket slow = connection(); Socket silent = connection()) {
      assertThat(health(healthy)).isTrue();
      send(slow, "GET /healthz HTTP/1.1\r\n");
      HostFixture.waitUntil("the slow one is closed", () -> {
        try {
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
          send(slow, "x: y\r\n");
          return false;
        } catch (IOException closed) {
          return true;
        }
      });
      assertThat(silent.getInputStream().read()).isEqualTo(-1);
      assertThat(health(healthy)).isTrue();
    }
  }

  @Test
  void large_headers_are_refused_and_large_bodies_only_after_the_key_was_seen() throws IOException {
    scene.limits = limits(100, 10_000);
    scene.addAgent("Wren", context -> new WorkResult.Done("never"));
    scene.start();
    String key = "authorization: Bearer " + scene.accessKey("Wren") + "\r\n";

    assertThat(plain("GET /healthz HTTP/1.1\r\nhost: h\r\nx: " + "y".repeat(20_000) + "\r\n\r\n")).contains(" 431 ");
    assertThat(plain(post("content-length: 10001\r\n", ""))).contains(" 401 ");
    assertThat(plain(post(key + "content-length: 10001\r\n", ""))).contains(" 413 ");
    assertThat(plain(post(key + "content-length: 2\r\n", "{}"))).contains(" 400 ");
  }

  @Test
  void a_body_that_is_no_http_is_refused_with_a_key_too() throws IOException {
    scene.addAgent("Wren", context -> new WorkResult.Done("never"));
    scene.start();
    String key = "authorization: Bearer " + scene.accessKey("Wren") + "\r\n";

    for (String malformed : List.of("zz\r\n{}\r\n0\r\n\r\n", "2\r\n{}}\r\n0\r\n\r\n", "-1\r\n{}\r\n",
        "ffffffffffffffffff\r\n{}")) {
      assertThat(plain(post(key + "transfer-encoding: chunked\r\n", malformed))).as(malformed).contains(" 400 ");
    }
  }

  @Test
  void a_request_without_a_key_is_answered_before_its_body_and_closed_if_that_is_large() throws IOException {
    scene.start();

    for (String framing : List.of("content-length: 1000000\r\n", "transfer-encoding: chunked\r\n")) {
      try (Socket stranger = connection()) {
        send(stranger, post(framing, ""));
        assertThat(new String(stranger.getInputStream().readNBytes(12), StandardCharsets.US_ASCII)).endsWith(" 401");

        sendUntilClosed(stranger, "F4240\r\n" + "x".repeat(999_000));

        assertThat(rest(stranger)).isNotEmpty();
      }
    }
  }

  @Test
  void a_stranger_does_not_fill_the_log_with_paths_that_can_not_be_decoded() throws IOException {
    scene.start();
    PrintStream standard = System.err;
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    try {
      for (String path : List.of("/v1/runs/%zz", "/%", "/page/%2", "/v1/runs/%00/events")) {
        assertThat(plain("GET " + path + " HTTP/1.1\r\nhost: h\r\n\r\n")).as(path).contains(" 40");
      }
    } finally {
      System.setErr(standard);
    }
    assertThat(log.toString(StandardCharsets.UTF_8)).doesNotContain("Exception");
  }

  @Test
  void a_gateway_run_may_bring_a_long_prompt_with_its_key() throws IOException {
    scene.addAgent("Wren", context -> new WorkResult.Done("never"));
    scene.start();
    String head = "POST /v1/runs HTTP/1.1\r\nhost: h\r\nauthorization: Bearer " + scene.accessKey("Wren")
        + "\r\nidempotency-key: " + UUID.randomUUID() + "\r\ncontent-length: 1000000\r\n\r\n";

    try (Socket paperclip = connection()) {
      send(paperclip, head + "x".repeat(1_000_000));
      assertThat(new String(paperclip.getInputStream().readNBytes(12), StandardCharsets.US_ASCII)).endsWith(" 403");
      skipTo('}', paperclip);
      assertThat(health(paperclip)).isTrue();
    }
  }

  @Test
  void a_small_body_without_a_key_leaves_the_connection_open() throws IOException {
    scene.start();

    try (Socket stranger = connection()) {
      send(stranger, post("content-length: 5000\r\n", "x".repeat(5_000)));
      assertThat(new String(stranger.getInputStream().readNBytes(12), StandardCharsets.US_ASCII)).endsWith(" 401");
      skipTo('}', stranger);
      assertThat(health(stranger)).isTrue();
    }
  }

  /** Each body lacks its end, so a host that reads bodies would keep all of them. */
  @Test
  void the_bodies_of_many_connections_without_a_key_take_no_memory_and_hold_up_no_wake() throws IOException {
    scene.limits = limits(1_000, 1 << 20);
    scene.addAgent("Wren", context -> new WorkResult.Done("never"));
    scene.start();
    long before = usedHeap();
    String body = "x".repeat((1 << 20) - 1);
    List<Socket> strangers = new ArrayList<>();
    try {
      for (int i = 0; i < 200; i++) {
        Socket stranger = connection();
        strangers.add(stranger);
        sendUntilClosed(stranger, post("content-length: " + (1 << 20) + "\r\n", body));
      }

      assertThat(usedHeap() - before).isLessThan(50L << 20);
      assertThat(scene.wake(UUID.randomUUID().toString(), scene.accessKey("Wren")).status()).isEqualTo(403);
    } finally {
      for (Socket stranger : strangers) {
        stranger.close();
      }
    }
  }

  @Test
  void a_reader_of_events_that_does_not_keep_up_is_cut_off_and_holds_up_nobody() throws IOException {
    int lines = 4_000;
    String long_line = "x".repeat(8_000);
    String view = "view-" + UUID.randomUUID();
    scene.viewKey = Optional.of(Secret.of(view));
    String agent = scene.addAgent("Wren", context -> {
      for (int i = 0; i < lines; i++) {
        context.run().reportProgress(i + " " + long_line);
      }
      return new WorkResult.Done("Done.");
    });
    scene.start();

    try (Socket slow = new Socket()) {
      slow.setReceiveBufferSize(4_096);
      slow.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), scene.port));
      send(slow, "GET /live/events HTTP/1.1\r\nhost: h\r\nauthorization: Bearer " + view + "\r\n\r\n");
      String issue = scene.createAssignedIssue("Chatty", agent);
      HostFixture.waitUntil("the issue is done", () -> scene.status(issue).equals("done"));

      assertThat(rest(slow)).isNotEmpty().noneMatch(line -> line.contains((lines - 1) + " xxx"));
    }
  }

  private static HostLimits limits(int connections, int bodyBytes) {
    return new HostLimits(8, 100, Map.of(), Map.of(), connections, bodyBytes, Duration.ofSeconds(5));
  }

  private static String post(String headers, String body) {
    return "POST /v1/wakes HTTP/1.1\r\nhost: h\r\n" + headers + "\r\n" + body;
  }

  private static void sendUntilClosed(Socket socket, String text) throws IOException {
    try {
      send(socket, text);
    } catch (SocketException closed) {
      assertThat(closed).isNotNull();
    }
  }

  private static void skipTo(char last, Socket socket) throws IOException {
    for (int read = socket.getInputStream().read(); read >= 0 && read != last;) {
      read = socket.getInputStream().read();
    }
  }

  private static long usedHeap() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private Socket connection() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), scene.port);
    socket.setSoTimeout(30_000);
    return socket;
  }

  private static void send(Socket socket, String request) throws IOException {
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
  }

  /** Whether the host answers on this connection. */
  private static boolean health(Socket socket) throws IOException {
    try {
      send(socket, "GET /healthz HTTP/1.1\r\nhost: h\r\n\r\n");
      byte[] answer = new byte[1_024];
      int read = socket.getInputStream().read(answer);
      return read > 0 && new String(answer, 0, read, StandardCharsets.US_ASCII).contains(" 200 ");
    } catch (SocketException closed) {
      return false;
    }
  }

  /** The status of the answer, whose body may follow. */
  private static int status(Socket socket, String request) throws IOException {
    send(socket, request);
    byte[] answer = new byte[1_024];
    int read = socket.getInputStream().read(answer);
    return read < 12 ? 0 : Integer.parseInt(new String(answer, 9, 3, StandardCharsets.US_ASCII));
  }

  /** What a client that speaks no TLS gets. */
  private String plain(String request) throws IOException {
    try (Socket socket = connection()) {
      send(socket, request);
      byte[] answer = new byte[1_024];
      int read = socket.getInputStream().read(answer);
      return new String(answer, 0, Math.max(read, 0), StandardCharsets.ISO_8859_1);
    } catch (SocketException closed) {
      return "closed";
    }
  }

  /** What there is still to read, to the end that the host makes. */
  private static List<String> rest(Socket socket) throws IOException {
    List<String> lines = new ArrayList<>();
    socket.setSoTimeout(30_000);
    BufferedReader reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    try {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(line);
      }
    } catch (SocketException reset) {
      lines.add("reset");
    }
    return lines;
  }
}
