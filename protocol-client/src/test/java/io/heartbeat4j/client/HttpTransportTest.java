package io.heartbeat4j.client;

import static io.heartbeat4j.client.RawTcpServer.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.client.RawTcpServer.Request;
import io.heartbeat4j.client.RawTcpServer.Response;
import io.heartbeat4j.protocol.Issue;
import io.heartbeat4j.protocol.IssueId;
import io.vertx.core.Context;
import java.util.stream.Stream;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes over the wire, and what the client makes of servers that misbehave. */
class HttpTransportTest {

  private static final ClientOptions OPTIONS = ClientOptions.defaults()
      .withTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(5))
      .withBackOff(Duration.ofMillis(1), Duration.ofMillis(2))
      .withMaxAttempts(3);

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    await(vertx.close());
  }

  private AgentSession agent(RawTcpServer server, ClientOptions options) {
    return PaperclipClient.connect(vertx, server.url(), options).session(SampleData.TOKEN);
  }

  private AgentSession agent(RawTcpServer server) {
    return agent(server, OPTIONS);
  }

  private static Throwable failure(Future<?> future) {
    return await(future.map(value -> (Throwable) new AssertionError("it succeeded with " + value))
        .recover(Future::succeededFuture));
  }

  private static void isOneLine(Throwable failure, String... words) {
    assertThat(failure.getMessage()).doesNotContain("\n").contains(words);
  }

  @Test
  void a_read_carries_the_token_and_asks_for_compressed_json() {
    try (RawTcpServer server = RawTcpServer.answering(vertx, any -> Response.json(200, SampleData.AGENT))) {
      await(agent(server).me());

      Request request = server.requests().get(0);
      assertThat(request.line()).isEqualTo("GET /api/agents/me HTTP/1.1");
      assertThat(request.header("Authorization")).isEqualTo("Bearer " + SampleData.TOKEN.reveal());
      assertThat(request.header("Accept")).isEqualTo("application/json");
      assertThat(request.header("Accept-Encoding")).contains("gzip");
      assertThat(request.header("Upgrade")).isEmpty();
      assertThat(request.header("X-Paperclip-Run-Id")).isEmpty();
    }
  }

  @Test
  void a_write_carries_the_run_and_says_how_long_it_is() {
    try (RawTcpServer server = RawTcpServer.answering(vertx, any -> Response.json(201, SampleData.COMMENT))) {
      await(agent(server).forRun(SampleData.RUN, SampleData.AGENT_ID).commentOnly(SampleData.ISSUE_ID)
          .comment(SampleData.newComment()));

      Request request = server.requests().get(0);
      assertThat(request.header("X-Paperclip-Run-Id")).isEqualTo(SampleData.RUN.toString());
      assertThat(request.header("Content-Type")).isEqualTo("application/json");
      assertThat(request.header("Content-Length")).isEqualTo(String.valueOf(request.body().length()));
    }
  }

  @Test
  void a_comment_that_the_server_takes_for_somebody_elses_is_the_runs_last_write() {
    String foreign = SampleData.COMMENT.replace(SampleData.AGENT_ID.toString(), SampleData.RUN.toString());
    try (RawTcpServer server = RawTcpServer.answering(vertx, any -> Response.json(201, foreign))) {
      RunSession run = agent(server).forRun(SampleData.RUN, SampleData.AGENT_ID);

      isOneLine(failure(run.commentOnly(SampleData.ISSUE_ID).comment(SampleData.newComment())), "for somebody else's");
      assertThat(failure(run.checkOut(SampleData.ISSUE_ID))).isInstanceOf(AuthorMismatch.class);
      assertThat(server.requests()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "/api", "/api/"})
  void an_address_with_or_without_api_reaches_the_same_path(String suffix) {
    try (RawTcpServer server = RawTcpServer.answering(vertx, any -> Response.json(200, SampleData.AGENT))) {
      await(
          PaperclipClient.connect(vertx, ServerUrl.of(server.url() + suffix), OPTIONS).session(SampleData.TOKEN).me());

      assertThat(server.requests().get(0).line()).startsWith("GET /api/agents/me ");
    }
  }

  @Test
  void a_proxys_path_before_api_is_kept() {
    try (RawTcpServer server = RawTcpServer.answering(vertx, any -> Response.json(200, SampleData.AGENT))) {
      await(PaperclipClient.connect(vertx, ServerUrl.of(server.url() + "/paperclip/api"), OPTIONS)
          .session(SampleData.TOKEN).me());

      assertThat(server.requests().get(0).line()).startsWith("GET /paperclip/api/agents/me ");
    }
  }

  @Test
  void a_compressed_answer_is_read() throws IOException {
    Buffer packed = gzip(SampleData.AGENT);
    try (RawTcpServer server = RawTcpServer.answering(
        vertx, any -> Response.of(200, "application/json", packed, "Content-Encoding: gzip"))) {
      assertThat(await(agent(server).me()).name()).isEqualTo("Wren");
    }
  }

  @Test
  void a_compressed_answer_that_grows_beyond_the_limit_is_refused() throws IOException {
    Buffer packed = gzip(SampleData.issue("x".repeat(1_000_000)));
    assertThat(packed.length()).isLessThan(10_000);
    try (RawTcpServer server = RawTcpServer.answering(
        vertx, any -> Response.of(200, "application/json", packed, "Content-Encoding: gzip"))) {
      Throwable refused = failure(agent(server, OPTIONS.withMaxResponseBytes(100_000)).issue(SampleData.ISSUE_ID));

      assertThat(refused).isInstanceOf(UnexpectedResponse.class);
      isOneLine(refused, "GET /api/issues/" + SampleData.ISSUE_ID, "larger than 100000 bytes");
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void an_issue_of_two_megabytes_is_read() {
    String description = "Two megabytes. ".repeat(140_000);
    try (
        RawTcpServer server = RawTcpServer.answering(vertx, any -> Response.json(200, SampleData.issue(description)))) {
      Issue issue = await(agent(server).issue(SampleData.ISSUE_ID));

      assertThat(issue.description()).hasSize(description.length());
    }
  }

  @Test
  void an_answer_beyond_the_limit_is_refused_and_the_next_call_works() {
    try (RawTcpServer server = RawTcpServer.answering(vertx, request -> request.number() == 1
        ? Response.json(200, SampleData.issue("x".repeat(200_000)))
        : Response.json(200, SampleData.AGENT))) {
      AgentSession agent = agent(server, OPTIONS.withMaxResponseBytes(100_000));

      isOneLine(failure(agent.issue(SampleData.ISSUE_ID)), "larger than 100000 bytes");
      assertThat(await(agent.me()).name()).isEqualTo("Wren");
    }
  }

  @Test
  void a_redirect_is_not_followed_and_its_target_is_named() {
    try (RawTcpServer elsewhere = RawTcpServer.answering(vertx, any -> Response.json(200, SampleData.AGENT));
        RawTcpServer server = RawTcpServer.answering(
            vertx, any -> Response.json(302, "", "Location: " + elsewhere.url() + "/api/agents/me"))) {
      Throwable refused = failure(agent(server).me());

      assertThat(refused).isInstanceOf(UnexpectedResponse.class);
      isOneLine(refused, "was redirected to " + elsewhere.url(), "PAPERCLIP_API_URL");
      assertThat(elsewhere.requests()).isEmpty();
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void calls_one_after_another_share_a_connection() {
    try (RawTcpServer server = RawTcpServer.answering(vertx, any -> Response.json(200, SampleData.AGENT))) {
      AgentSession agent = agent(server);
      for (int i = 0; i < 5; i++) {
        await(agent.me());
      }

      assertThat(server.requests()).hasSize(5);
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void a_read_on_a_connection_that_dies_while_idle_is_repeated_on_a_new_one() {
    try (RawTcpServer server = RawTcpServer.answering(vertx,
        request -> request.connection() == 1 && request.number() == 2
            ? Response.empty().thenClose()
            : Response.json(200, SampleData.AGENT))) {
      AgentSession agent = agent(server);
      await(agent.me());

      assertThat(await(agent.me()).name()).isEqualTo("Wren");
      assertThat(server.requests()).extracting(Request::connection).containsExactly(1, 1, 2);
    }
  }

  @Test
  void a_write_without_a_key_is_not_repeated_when_its_connection_dies() {
    try (RawTcpServer server = RawTcpServer.answering(vertx, request -> request.number() == 1
        ? Response.json(200, SampleData.AGENT)
        : Response.empty().thenClose())) {
      AgentSession agent = agent(server);
      await(agent.me());

      Throwable unclear = failure(SampleData.lease(agent).update(SampleData.update()));

      assertThat(unclear).isInstanceOfSatisfying(ResponseLost.class,
          lost -> assertThat(lost.mayHaveBeenProcessed()).isTrue());
      isOneLine(unclear, "PATCH /api/issues/", "the connection broke before the whole answer was there");
      assertThat(server.requests()).hasSize(2);
    }
  }

  @Test
  void a_write_whose_first_answer_is_lost_and_whose_repeat_is_refused_may_have_been_processed() {
    try (RawTcpServer server = RawTcpServer.answering(vertx, request -> switch (request.number()) {
      case 1 -> Response.json(200, SampleData.AGENT);
      case 2 -> Response.empty().thenClose();
      default -> Response.json(429, "{\"error\":\"Too many\"}", "Retry-After: 0");
    })) {
      AgentSession agent = agent(server);
      await(agent.me());

      Throwable refused = failure(SampleData.lease(agent).comment(SampleData.newComment()));

      assertThat(refused).isInstanceOfSatisfying(TooManyRequests.class,
          last -> assertThat(last.mayHaveBeenProcessed()).isTrue());
      assertThat(server.requests()).hasSize(3);
    }
  }

  @Test
  void a_body_that_ends_too_early_is_no_answer_and_a_read_is_repeated() {
    try (RawTcpServer server = RawTcpServer.answering(vertx, request -> request.number() == 1
        ? Response.raw("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 999\r\n\r\n{\"id\":")
            .thenClose()
        : Response.json(200, SampleData.AGENT))) {
      assertThat(await(agent(server).me()).name()).isEqualTo("Wren");
      assertThat(server.requests()).hasSize(2);
    }
  }

  @Test
  void json_that_ends_too_early_is_not_what_the_contract_says() {
    try (RawTcpServer server = RawTcpServer.answering(vertx, any -> Response.json(200, "{\"id\":"))) {
      Throwable odd = failure(agent(server).me());

      assertThat(odd).isInstanceOf(UnexpectedResponse.class);
      isOneLine(odd, "GET /api/agents/me answered 200, not what the contract says");
    }
  }

  @Test
  void a_web_page_is_no_answer_of_the_api_even_where_a_proxy_calls_it_a_success() {
    try (RawTcpServer server = RawTcpServer.answering(
        vertx, any -> Response.of(200, "text/html", Buffer.buffer("<html>\n<body>Sign in</body>\n</html>")))) {
      isOneLine(failure(agent(server).me()),
          "answered 200, not JSON but text/html: does PAPERCLIP_API_URL name a Paperclip server?");
    }
  }

  @Test
  void a_404_page_is_not_taken_for_a_missing_issue() {
    try (RawTcpServer server = RawTcpServer.answering(
        vertx, any -> Response.of(404, "text/html", Buffer.buffer("<html>\n<body>nginx</body>\n</html>")))) {
      Throwable odd = failure(agent(server).issue(SampleData.ISSUE_ID));

      assertThat(odd).isInstanceOf(UnexpectedResponse.class);
      isOneLine(odd, "answered 404");
    }
  }

  @Test
  void a_server_that_says_nothing_is_given_up_after_the_request_time_out() {
    try (RawTcpServer server = RawTcpServer.answering(vertx, any -> Response.empty())) {
      Throwable late = failure(agent(server, OPTIONS
          .withTimeouts(Duration.ofSeconds(5), Duration.ofMillis(100)).withMaxAttempts(1)).me());

      assertThat(late).isInstanceOf(ResponseLost.class);
      isOneLine(late, "GET /api/agents/me", "no answer within 100 ms");
    }
  }

  @Test
  void the_wait_for_a_connection_ends_too_where_a_silent_server_holds_them_all() {
    try (RawTcpServer server = RawTcpServer.answering(vertx, any -> Response.empty())) {
      AgentSession agent = agent(server, OPTIONS.withPoolSize(1)
          .withTimeouts(Duration.ofSeconds(5), Duration.ofMillis(500)).withMaxAttempts(1));
      List<Future<?>> calls = Stream.<Future<?>>generate(agent::me).limit(20).toList();

      await(Future.join(calls).transform(over -> Future.succeededFuture()));

      assertThat(calls).allMatch(Future::failed);
      assertThat(server.requests()).as("those that got a connection in time").hasSizeLessThan(10);
    }
  }

  @Test
  void a_server_that_is_not_there_is_named_with_its_address() {
    RawTcpServer gone = RawTcpServer.answering(vertx, any -> Response.empty());
    gone.close();

    Throwable unreachable = failure(agent(gone, OPTIONS.withMaxAttempts(1)).me());

    assertThat(unreachable).isInstanceOfSatisfying(
        ServerUnreachable.class, not -> assertThat(not.mayHaveBeenProcessed()).isFalse());
    isOneLine(unreachable, gone.url().toString(), "can't be reached", "PAPERCLIP_API_URL");
  }

  @Test
  void a_call_on_a_closed_client_fails_its_future_and_sends_nothing() {
    try (RawTcpServer server = RawTcpServer.answering(vertx, any -> Response.json(200, SampleData.AGENT))) {
      PaperclipClient paperclipClient = PaperclipClient.connect(vertx, server.url(), OPTIONS.withMaxAttempts(1));
      await(paperclipClient.close());

      assertThat(failure(paperclipClient.session(SampleData.TOKEN).me())).isInstanceOfSatisfying(
          ServerUnreachable.class, not -> assertThat(not.mayHaveBeenProcessed()).isFalse());
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void a_host_that_does_not_exist_is_named() {
    Throwable unknown = failure(PaperclipClient.connect(vertx, ServerUrl.of("http://no-such-host.invalid:3100"),
        OPTIONS.withMaxAttempts(1)).health());

    isOneLine(unknown, "no host of that name", "no-such-host.invalid", "PAPERCLIP_API_URL");
  }

  @Test
  void every_attempt_and_the_answer_run_on_the_callers_context() {
    try (RawTcpServer server = RawTcpServer.answering(vertx, request -> request.number() < 3
        ? Response.json(503, "{\"error\":\"starting\"}")
        : Response.json(200, SampleData.AGENT))) {
      AgentSession agent = agent(server);
      Context caller = vertx.getOrCreateContext();
      Promise<Context> answeredOn = Promise.promise();
      caller.runOnContext(go -> agent.me().onComplete(any -> answeredOn.complete(Vertx.currentContext())));

      assertThat(await(answeredOn.future())).isSameAs(caller);
      assertThat(server.requests()).hasSize(3);
    }
  }

  @Test
  void neither_the_token_nor_the_run_is_in_any_message() {
    List<Function<Request, Response>> servers = List.of(
        any -> Response.json(401, "{\"error\":\"Agent token did not verify\"}"),
        any -> Response.json(409, "{\"error\":\"Issue checkout conflict\"}"),
        any -> Response.empty().thenClose(),
        any -> Response.json(200, "[]"));
    for (Function<Request, Response> answers : servers) {
      try (RawTcpServer server = RawTcpServer.answering(vertx, answers)) {
        AgentSession agent = agent(server);
        for (Throwable failure : List.of(
            failure(agent.run(SampleData.RUN)),
            failure(agent.forRun(SampleData.RUN, SampleData.AGENT_ID).checkOut(SampleData.ISSUE_ID)))) {
          assertThat(failure).isInstanceOf(PaperclipException.class);
          assertThat(failure.getMessage()).doesNotContain(SampleData.TOKEN.reveal(), SampleData.RUN.toString());
        }
      }
    }
  }

  @Test
  void the_servers_clock_is_compared_where_the_server_tells_its_time() {
    try (RawTcpServer server = RawTcpServer.answering(vertx, request -> request.number() == 1
        ? Response.json(200, "{\"status\":\"ok\"}", "Date: Mon, 23 Nov 2099 13:40:37 GMT")
        : Response.json(200, "{\"status\":\"ok\"}"))) {
      PaperclipClient paperclipClient = PaperclipClient.connect(vertx, server.url(), OPTIONS);

      assertThat(await(paperclipClient.serverClockOffset()))
          .hasValueSatisfying(ahead -> assertThat(ahead).isPositive());
      assertThat(await(paperclipClient.serverClockOffset())).isEmpty();
    }
  }

  @Test
  void an_unknown_status_of_an_issue_is_kept_as_it_came() {
    String json = SampleData.issue("x").replace("\"todo\"", "\"pondering\"");
    try (RawTcpServer server = RawTcpServer.answering(vertx, any -> Response.json(200, json))) {
      assertThat(await(agent(server).issue(IssueId.of(SampleData.ISSUE_ID.toString()))).status())
          .hasToString("pondering");
    }
  }

  private static Buffer gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream packed = new GZIPOutputStream(bytes)) {
      packed.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return Buffer.buffer(bytes.toByteArray());
  }

  @Test
  void no_more_than_four_subtasks_are_on_their_way_at_once_and_other_writes_do_not_wait_for_them() {
    List<String> sent = new CopyOnWriteArrayList<>();
    Queue<Promise<InProcessTransport.Response>> open = new ConcurrentLinkedQueue<>();
    InProcessTransport inProcessTransport = request -> {
      sent.add(request.method() + " " + request.target());
      Promise<InProcessTransport.Response> answer = Promise.promise();
      open.add(answer);
      return answer.future();
    };
    Scheduler scheduler = Scheduler.of(vertx, Clock.systemUTC()).onCurrentContext();
    IssueLease lease = SampleData.lease(
        PaperclipClient.withTransport(inProcessTransport, scheduler, ServerUrl.of("http://127.0.0.1:1"), OPTIONS)
            .session(SampleData.TOKEN));

    List<Future<IssueCreationResult>> created = IntStream.range(0, 6)
        .mapToObj(i -> lease.createSubtask(SampleData.COMPANY, SampleData.child())).toList();
    lease.comment(SampleData.newComment());

    String create = "POST /api/companies/" + SampleData.COMPANY + "/issues";
    String comment = "POST /api/issues/" + SampleData.ISSUE_ID + "/comments";
    await(turn(scheduler));
    assertThat(sent).containsExactly(create, create, create, create, comment);
    for (int i = 0; i < 6; i++) {
      open.remove().complete(new InProcessTransport.Response(201, Map.of(), SampleData.issue("A part.")));
      if (i == 3) {
        open.remove().complete(new InProcessTransport.Response(201, Map.of(), SampleData.COMMENT));
      }
      await(turn(scheduler));
    }
    created.forEach(RawTcpServer::await);
    assertThat(sent).filteredOn(create::equals).hasSize(6);
  }

  /** Everything that the loop had to do has been done. */
  private static Future<Void> turn(Scheduler scheduler) {
    Promise<Void> done = Promise.promise();
    scheduler.execute(() -> scheduler.execute(() -> scheduler.execute(() -> scheduler.execute(done::complete))));
    return done.future();
  }
}
