package io.heartbeat4j.client;

import static io.heartbeat4j.client.RawServer.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.client.RawServer.Reply;
import io.heartbeat4j.client.RawServer.Request;
import io.heartbeat4j.protocol.Issue;
import io.heartbeat4j.protocol.IssueId;
import io.vertx.core.Context;
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
class TransportTest {

  private static final ClientOptions OPTIONS = ClientOptions.defaults()
      .withTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(5))
      .withBackOff(Duration.ofMillis(1), Duration.ofMillis(2))
      .withMaxAttempts(3);

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    await(vertx.close());
  }

  private AgentSession agent(RawServer server, ClientOptions options) {
    return Paperclip.connect(vertx, server.url(), options).as(Example.TOKEN);
  }

  private AgentSession agent(RawServer server) {
    return agent(server, OPTIONS);
  }

  private static Throwable failure(Future<?> future) {
    return await(future.map(value -> (Throwable) new AssertionError("it succeeded with " + value)).recover(Future::succeededFuture));
  }

  private static void isOneLine(Throwable failure, String... words) {
    assertThat(failure.getMessage()).doesNotContain("\n").contains(words);
  }

  @Test
  void a_read_carries_the_token_and_asks_for_compressed_json() {
    try (RawServer server = RawServer.answering(vertx, any -> Reply.json(200, Example.AGENT))) {
      await(agent(server).me());

      Request request = server.requests().get(0);
      assertThat(request.line()).isEqualTo("GET /api/agents/me HTTP/1.1");
      assertThat(request.header("Authorization")).isEqualTo("Bearer " + Example.TOKEN.reveal());
      assertThat(request.header("Accept")).isEqualTo("application/json");
      assertThat(request.header("Accept-Encoding")).contains("gzip");
      assertThat(request.header("Upgrade")).isEmpty();
      assertThat(request.header("X-Paperclip-Run-Id")).isEmpty();
    }
  }

  @Test
  void a_write_carries_the_run_and_says_how_long_it_is() {
    try (RawServer server = RawServer.answering(vertx, any -> Reply.json(201, Example.COMMENT))) {
      await(agent(server).in(Example.RUN, Example.AGENT_ID).foreign(Example.ISSUE_ID).comment(Example.newComment()));

      Request request = server.requests().get(0);
      assertThat(request.header("X-Paperclip-Run-Id")).isEqualTo(Example.RUN.toString());
      assertThat(request.header("Content-Type")).isEqualTo("application/json");
      assertThat(request.header("Content-Length")).isEqualTo(String.valueOf(request.body().length()));
    }
  }

  @Test
  void a_comment_that_the_server_takes_for_somebody_elses_is_the_runs_last_write() {
    String foreign = Example.COMMENT.replace(Example.AGENT_ID.toString(), Example.RUN.toString());
    try (RawServer server = RawServer.answering(vertx, any -> Reply.json(201, foreign))) {
      RunSession run = agent(server).in(Example.RUN, Example.AGENT_ID);

      isOneLine(failure(run.foreign(Example.ISSUE_ID).comment(Example.newComment())), "for somebody else's");
      assertThat(failure(run.checkout(Example.ISSUE_ID))).isInstanceOf(WrongAuthor.class);
      assertThat(server.requests()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "/api", "/api/"})
  void an_address_with_or_without_api_reaches_the_same_path(String suffix) {
    try (RawServer server = RawServer.answering(vertx, any -> Reply.json(200, Example.AGENT))) {
      await(Paperclip.connect(vertx, ServerUrl.of(server.url() + suffix), OPTIONS).as(Example.TOKEN).me());

      assertThat(server.requests().get(0).line()).startsWith("GET /api/agents/me ");
    }
  }

  @Test
  void a_proxys_path_before_api_is_kept() {
    try (RawServer server = RawServer.answering(vertx, any -> Reply.json(200, Example.AGENT))) {
      await(Paperclip.connect(vertx, ServerUrl.of(server.url() + "/paperclip/api"), OPTIONS).as(Example.TOKEN).me());

      assertThat(server.requests().get(0).line()).startsWith("GET /paperclip/api/agents/me ");
    }
  }

  @Test
  void a_compressed_answer_is_read() throws IOException {
    Buffer packed = gzip(Example.AGENT);
    try (RawServer server = RawServer.answering(
        vertx, any -> Reply.of(200, "application/json", packed, "Content-Encoding: gzip"))) {
      assertThat(await(agent(server).me()).name()).isEqualTo("Wren");
    }
  }

  @Test
  void a_compressed_answer_that_grows_beyond_the_limit_is_refused() throws IOException {
    Buffer packed = gzip(Example.issue("x".repeat(1_000_000)));
    assertThat(packed.length()).isLessThan(10_000);
    try (RawServer server = RawServer.answering(
        vertx, any -> Reply.of(200, "application/json", packed, "Content-Encoding: gzip"))) {
      Throwable refused = failure(agent(server, OPTIONS.withMaxAnswerBytes(100_000)).issue(Example.ISSUE_ID));

      assertThat(refused).isInstanceOf(UnexpectedAnswer.class);
      isOneLine(refused, "GET /api/issues/" + Example.ISSUE_ID, "larger than 100000 bytes");
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void an_issue_of_two_megabytes_is_read() {
    String description = "Two megabytes. ".repeat(140_000);
    try (RawServer server = RawServer.answering(vertx, any -> Reply.json(200, Example.issue(description)))) {
      Issue issue = await(agent(server).issue(Example.ISSUE_ID));

      assertThat(issue.description()).hasSize(description.length());
    }
  }

  @Test
  void an_answer_beyond_the_limit_is_refused_and_the_next_call_works() {
    try (RawServer server = RawServer.answering(vertx, request -> request.number() == 1
        ? Reply.json(200, Example.issue("x".repeat(200_000)))
        : Reply.json(200, Example.AGENT))) {
      AgentSession agent = agent(server, OPTIONS.withMaxAnswerBytes(100_000));

      isOneLine(failure(agent.issue(Example.ISSUE_ID)), "larger than 100000 bytes");
      assertThat(await(agent.me()).name()).isEqualTo("Wren");
    }
  }

  @Test
  void a_redirect_is_not_followed_and_its_target_is_named() {
    try (RawServer elsewhere = RawServer.answering(vertx, any -> Reply.json(200, Example.AGENT));
        RawServer server = RawServer.answering(
            vertx, any -> Reply.json(302, "", "Location: " + elsewhere.url() + "/api/agents/me"))) {
      Throwable refused = failure(agent(server).me());

      assertThat(refused).isInstanceOf(UnexpectedAnswer.class);
      isOneLine(refused, "was redirected to " + elsewhere.url(), "PAPERCLIP_API_URL");
      assertThat(elsewhere.requests()).isEmpty();
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void calls_one_after_another_share_a_connection() {
    try (RawServer server = RawServer.answering(vertx, any -> Reply.json(200, Example.AGENT))) {
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
    try (RawServer server = RawServer.answering(vertx, request -> request.connection() == 1 && request.number() == 2
        ? Reply.nothing().thenClose()
        : Reply.json(200, Example.AGENT))) {
      AgentSession agent = agent(server);
      await(agent.me());

      assertThat(await(agent.me()).name()).isEqualTo("Wren");
      assertThat(server.requests()).extracting(Request::connection).containsExactly(1, 1, 2);
    }
  }

  @Test
  void a_write_without_a_key_is_not_repeated_when_its_connection_dies() {
    try (RawServer server = RawServer.answering(vertx, request -> request.number() == 1
        ? Reply.json(200, Example.AGENT)
        : Reply.nothing().thenClose())) {
      AgentSession agent = agent(server);
      await(agent.me());

      Throwable unclear = failure(Example.lease(agent).update(Example.update()));

      assertThat(unclear).isInstanceOfSatisfying(NoAnswer.class, lost -> assertThat(lost.mayHaveBeenProcessed()).isTrue());
      isOneLine(unclear, "PATCH /api/issues/", "the connection broke before the whole answer was there");
      assertThat(server.requests()).hasSize(2);
    }
  }

  @Test
  void a_body_that_ends_too_early_is_no_answer_and_a_read_is_repeated() {
    try (RawServer server = RawServer.answering(vertx, request -> request.number() == 1
        ? Reply.raw("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 999\r\n\r\n{\"id\":").thenClose()
        : Reply.json(200, Example.AGENT))) {
      assertThat(await(agent(server).me()).name()).isEqualTo("Wren");
      assertThat(server.requests()).hasSize(2);
    }
  }

  @Test
  void json_that_ends_too_early_is_not_what_the_contract_says() {
    try (RawServer server = RawServer.answering(vertx, any -> Reply.json(200, "{\"id\":"))) {
      Throwable odd = failure(agent(server).me());

      assertThat(odd).isInstanceOf(UnexpectedAnswer.class);
      isOneLine(odd, "GET /api/agents/me answered 200, not what the contract says");
    }
  }

  @Test
  void a_web_page_is_no_answer_of_the_api_even_where_a_proxy_calls_it_a_success() {
    try (RawServer server = RawServer.answering(
        vertx, any -> Reply.of(200, "text/html", Buffer.buffer("<html>\n<body>Sign in</body>\n</html>")))) {
      isOneLine(failure(agent(server).me()),
          "answered 200, not JSON but text/html: does PAPERCLIP_API_URL name a Paperclip server?");
    }
  }

  @Test
  void a_404_page_is_not_taken_for_a_missing_issue() {
    try (RawServer server = RawServer.answering(
        vertx, any -> Reply.of(404, "text/html", Buffer.buffer("<html>\n<body>nginx</body>\n</html>")))) {
      Throwable odd = failure(agent(server).issue(Example.ISSUE_ID));

      assertThat(odd).isInstanceOf(UnexpectedAnswer.class);
      isOneLine(odd, "answered 404");
    }
  }

  @Test
  void a_server_that_says_nothing_is_given_up_after_the_request_time_out() {
    try (RawServer server = RawServer.answering(vertx, any -> Reply.nothing())) {
      Throwable late = failure(agent(server, OPTIONS
          .withTimeouts(Duration.ofSeconds(5), Duration.ofMillis(100)).withMaxAttempts(1)).me());

      assertThat(late).isInstanceOf(NoAnswer.class);
      isOneLine(late, "GET /api/agents/me", "no answer within 100 ms");
    }
  }

  @Test
  void a_server_that_is_not_there_is_named_with_its_address() {
    RawServer gone = RawServer.answering(vertx, any -> Reply.nothing());
    gone.close();

    Throwable unreachable = failure(agent(gone, OPTIONS.withMaxAttempts(1)).me());

    assertThat(unreachable).isInstanceOfSatisfying(
        Unreachable.class, not -> assertThat(not.mayHaveBeenProcessed()).isFalse());
    isOneLine(unreachable, gone.url().toString(), "can't be reached", "PAPERCLIP_API_URL");
  }

  @Test
  void a_call_on_a_closed_client_fails_its_future_and_sends_nothing() {
    try (RawServer server = RawServer.answering(vertx, any -> Reply.json(200, Example.AGENT))) {
      Paperclip paperclip = Paperclip.connect(vertx, server.url(), OPTIONS.withMaxAttempts(1));
      await(paperclip.close());

      assertThat(failure(paperclip.as(Example.TOKEN).me())).isInstanceOfSatisfying(
          Unreachable.class, not -> assertThat(not.mayHaveBeenProcessed()).isFalse());
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void a_host_that_does_not_exist_is_named() {
    Throwable unknown = failure(Paperclip.connect(vertx, ServerUrl.of("http://no-such-host.invalid:3100"),
        OPTIONS.withMaxAttempts(1)).health());

    isOneLine(unknown, "no host of that name", "no-such-host.invalid", "PAPERCLIP_API_URL");
  }

  @Test
  void every_attempt_and_the_answer_run_on_the_callers_context() {
    try (RawServer server = RawServer.answering(vertx, request -> request.number() < 3
        ? Reply.json(503, "{\"error\":\"starting\"}")
        : Reply.json(200, Example.AGENT))) {
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
    List<Function<Request, Reply>> servers = List.of(
        any -> Reply.json(401, "{\"error\":\"Agent token did not verify\"}"),
        any -> Reply.json(409, "{\"error\":\"Issue checkout conflict\"}"),
        any -> Reply.nothing().thenClose(),
        any -> Reply.json(200, "[]"));
    for (Function<Request, Reply> answers : servers) {
      try (RawServer server = RawServer.answering(vertx, answers)) {
        AgentSession agent = agent(server);
        for (Throwable failure : List.of(
            failure(agent.run(Example.RUN)), failure(agent.in(Example.RUN, Example.AGENT_ID).checkout(Example.ISSUE_ID)))) {
          assertThat(failure).isInstanceOf(PaperclipException.class);
          assertThat(failure.getMessage()).doesNotContain(Example.TOKEN.reveal(), Example.RUN.toString());
        }
      }
    }
  }

  @Test
  void the_servers_clock_is_compared_where_the_server_tells_its_time() {
    try (RawServer server = RawServer.answering(vertx, request -> request.number() == 1
        ? Reply.json(200, "{\"status\":\"ok\"}", "Date: Mon, 23 Nov 2099 13:40:37 GMT")
        : Reply.json(200, "{\"status\":\"ok\"}"))) {
      Paperclip paperclip = Paperclip.connect(vertx, server.url(), OPTIONS);

      assertThat(await(paperclip.clockAhead())).hasValueSatisfying(ahead -> assertThat(ahead).isPositive());
      assertThat(await(paperclip.clockAhead())).isEmpty();
    }
  }

  @Test
  void an_unknown_status_of_an_issue_is_kept_as_it_came() {
    String json = Example.issue("x").replace("\"todo\"", "\"pondering\"");
    try (RawServer server = RawServer.answering(vertx, any -> Reply.json(200, json))) {
      assertThat(await(agent(server).issue(IssueId.of(Example.ISSUE_ID.toString()))).status()).hasToString("pondering");
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
    Queue<Promise<Wire.Reply>> open = new ConcurrentLinkedQueue<>();
    Wire wire = request -> {
      sent.add(request.method() + " " + request.target());
      Promise<Wire.Reply> answer = Promise.promise();
      open.add(answer);
      return answer.future();
    };
    Loop loop = Loop.of(vertx, Clock.systemUTC()).here();
    IssueLease lease = Example.lease(
        Paperclip.over(wire, loop, ServerUrl.of("http://127.0.0.1:1"), OPTIONS).as(Example.TOKEN));

    List<Future<CreatedIssue>> created = IntStream.range(0, 6)
        .mapToObj(i -> lease.createChild(Example.COMPANY, Example.child())).toList();
    lease.comment(Example.newComment());

    String create = "POST /api/companies/" + Example.COMPANY + "/issues";
    String comment = "POST /api/issues/" + Example.ISSUE_ID + "/comments";
    await(turn(loop));
    assertThat(sent).containsExactly(create, create, create, create, comment);
    for (int i = 0; i < 6; i++) {
      open.remove().complete(new Wire.Reply(201, Map.of(), Example.issue("A part.")));
      if (i == 3) {
        open.remove().complete(new Wire.Reply(201, Map.of(), Example.COMMENT));
      }
      await(turn(loop));
    }
    created.forEach(RawServer::await);
    assertThat(sent).filteredOn(create::equals).hasSize(6);
  }

  /** Everything that the loop had to do has been done. */
  private static Future<Void> turn(Loop loop) {
    Promise<Void> done = Promise.promise();
    loop.run(() -> loop.run(() -> loop.run(() -> loop.run(done::complete))));
    return done.future();
  }
}
