package io.heartbeat4j.client;

import static io.heartbeat4j.client.RawTcpServer.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.client.RawTcpServer.Response;
import io.heartbeat4j.protocol.CostEvent;
import io.heartbeat4j.protocol.NewApproval;
import io.heartbeat4j.protocol.NewInteraction;
import io.heartbeat4j.protocol.SelfWakeRequest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** How often each kind of request reaches a server that keeps failing in each of the ways that there are. */
class AttemptCountTest {

  private static final int READS = 3;
  private static final ClientOptions OPTIONS = ClientOptions.defaults()
      .withBackOff(Duration.ofMillis(1), Duration.ofMillis(1))
      .withMaxAttempts(READS);

  /** An answer that makes each failure that a server can cause. */
  private static final Map<Class<?>, Response> RESPONSES = Map.ofEntries(
      Map.entry(BadRequest.class, error(400, "Validation error")),
      Map.entry(Unauthorized.class, error(401, "Agent token did not verify")),
      Map.entry(Forbidden.class, error(403, "Board access required")),
      Map.entry(NotFound.class, error(404, "Issue not found")),
      Map.entry(Conflict.class, error(409, "Issue checkout conflict")),
      Map.entry(Unprocessable.class, error(422, "Issue is blocked by unresolved blockers")),
      Map.entry(WriteLimitExceeded.class, error(429, "Cap exceeded")),
      Map.entry(TooManyRequests.class, Response.json(429, "{\"error\":\"Too many\"}", "Retry-After: 0")),
      Map.entry(ServerError.class, error(500, "Internal server error")),
      Map.entry(ServerUnavailable.class, error(503, "Starting")),
      Map.entry(UnexpectedResponse.class, Response.of(200, "text/html", Buffer.buffer("<html></html>"))),
      Map.entry(ResponseLost.class, Response.empty().thenClose()));

  /** What the client finds out by itself: that nobody is there, and that an answered comment has another author. */
  private static final List<Class<?>> RAISED_BY_CLIENT = List.of(ServerUnreachable.class, AuthorMismatch.class);

  private record RequestKind(String name, RetryMode repeat, Function<AgentSession, Future<?>> call) {}

  private static final List<RequestKind> CALLS = List.of(
      new RequestKind("a read", RetryMode.READ, AgentSession::me),
      new RequestKind("a checkout", RetryMode.KEYED,
          agent -> agent.forRun(SampleData.RUN, SampleData.AGENT_ID).checkOut(SampleData.ISSUE_ID)),
      new RequestKind("a comment", RetryMode.KEYED, agent -> SampleData.lease(agent).comment(SampleData.newComment())),
      new RequestKind("a card", RetryMode.KEYED,
          agent -> SampleData.lease(agent).createInteraction(NewInteraction.confirmation("key", null, "Go on?"))),
      new RequestKind("a subtask", RetryMode.KEYED_CREATE,
          agent -> SampleData.lease(agent).createSubtask(SampleData.COMPANY, SampleData.child())),
      new RequestKind("an update", RetryMode.UNKEYED, agent -> SampleData.lease(agent).update(SampleData.update())),
      new RequestKind("a release", RetryMode.UNKEYED, agent -> SampleData.lease(agent).release()),
      new RequestKind("an approval", RetryMode.UNKEYED, agent -> SampleData.lease(agent)
          .requestApproval(SampleData.COMPANY, NewApproval.forBoard(SampleData.ISSUE_ID, "Title", "Summary", "key"))),
      new RequestKind("a self-wake", RetryMode.UNKEYED,
          agent -> agent.wakeSelf(SampleData.AGENT_ID, SelfWakeRequest.now(SampleData.ISSUE_ID, "a reason"))),
      new RequestKind("a cost", RetryMode.UNKEYED, agent -> agent.reportCost(SampleData.COMPANY, new CostEvent(
          SampleData.AGENT_ID, SampleData.ISSUE_ID, SampleData.RUN, "provider", "model", 1, 0, 1, 1, Instant.EPOCH,
          null, null))));

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    await(vertx.close());
  }

  @TestFactory
  Stream<DynamicTest> each_failure_reaches_the_server_as_often_as_it_may() {
    return leafTypes(PaperclipException.class).stream()
        .filter(failure -> !RAISED_BY_CLIENT.contains(failure))
        .flatMap(failure -> CALLS.stream().map(requestKind -> DynamicTest.dynamicTest(
            requestKind.name() + " that ends in " + failure.getSimpleName(), () -> count(failure, requestKind))));
  }

  private void count(Class<?> failure, RequestKind requestKind) {
    assertThat(RESPONSES).as("an answer that causes each failure").containsKey(failure);
    try (RawTcpServer server = RawTcpServer.answering(vertx, any -> RESPONSES.get(failure))) {
      AgentSession agent = PaperclipClient.connect(vertx, server.url(), OPTIONS).session(SampleData.TOKEN);
      Object end = await(requestKind.call().apply(agent).map(value -> (Object) value).otherwise(thrown -> thrown));

      assertThat(end).isExactlyInstanceOf(failure);
      assertThat(server.requests()).hasSize(allowedAttempts(failure, requestKind.repeat()));
    }
  }

  /** Contract sections 1, 7 and 13, in four lines. */
  private static int allowedAttempts(Class<?> failure, RetryMode retryMode) {
    if (PermanentFailure.class.isAssignableFrom(failure)) {
      return failure == ServerError.class && retryMode == RetryMode.KEYED_CREATE ? 2 : 1;
    }
    boolean didNothing = failure == TooManyRequests.class;
    return retryMode == RetryMode.READ ? READS : retryMode == RetryMode.UNKEYED && !didNothing ? 1 : 2;
  }

  @Test
  void a_busy_server_is_asked_again_and_then_answers() {
    try (RawTcpServer server = RawTcpServer.answering(vertx, request -> request.number() == 1
        ? Response.json(429, "{\"error\":\"Too many\",\"retryAfterSeconds\":0.001}")
        : Response.json(200, SampleData.AGENT))) {
      assertThat(await(PaperclipClient.connect(vertx, server.url(), OPTIONS).session(SampleData.TOKEN).me()).name())
          .isEqualTo("Wren");
      assertThat(server.requests()).hasSize(2);
    }
  }

  @Test
  void a_write_is_not_repeated_once_it_is_not_allowed_any_more_and_a_read_is() {
    try (RawTcpServer server = RawTcpServer.answering(vertx, any -> error(503, "Starting"))) {
      AgentSession agent = PaperclipClient.connect(vertx, server.url(), OPTIONS)
          .writingWhile(() -> server.requests().isEmpty()).session(SampleData.TOKEN);

      assertThat(await(agent.forRun(SampleData.RUN, SampleData.AGENT_ID).checkOut(SampleData.ISSUE_ID)
          .map(done -> (Object) done).otherwise(thrown -> thrown))).isInstanceOf(ServerUnreachable.class);
      assertThat(server.requests()).hasSize(1);
      await(agent.me().otherwiseEmpty());
      assertThat(server.requests()).hasSize(1 + READS);
    }
  }

  @Test
  void a_wait_that_is_longer_than_the_options_allow_fails_at_once() {
    try (RawTcpServer server = RawTcpServer.answering(vertx,
        any -> Response.json(503, "{\"error\":\"Back soon\"}", "Retry-After: 600"))) {
      Object end = await(PaperclipClient.connect(vertx, server.url(), OPTIONS).session(SampleData.TOKEN).me()
          .map(me -> (Object) me).otherwise(thrown -> thrown));

      assertThat(end).isInstanceOfSatisfying(ServerUnavailable.class,
          away -> assertThat(away.retryAfter()).contains(Duration.ofMinutes(10)));
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void a_server_that_stays_away_is_spared_and_another_one_is_not() {
    try (RawTcpServer down = RawTcpServer.answering(vertx, any -> Response.empty().thenClose());
        RawTcpServer up = RawTcpServer.answering(vertx, any -> Response.json(200, SampleData.AGENT))) {
      PaperclipClient away = PaperclipClient.connect(vertx, down.url(), OPTIONS.withMaxAttempts(1));
      List<String> messages = new ArrayList<>();
      for (int i = 0; i < 15; i++) {
        messages.add(await(away.session(SampleData.TOKEN).me().map(me -> "").otherwise(Throwable::getMessage)));
      }

      assertThat(down.requests()).hasSize(10);
      assertThat(messages.get(14)).contains("has not answered for a while");
      assertThat(await(PaperclipClient.connect(vertx, up.url(), OPTIONS).session(SampleData.TOKEN).me()).name())
          .isEqualTo("Wren");
    }
  }

  static List<Class<?>> leafTypes(Class<?> type) {
    if (!type.isSealed()) {
      return List.of(type);
    }
    return Arrays.stream(type.getPermittedSubclasses()).flatMap(permitted -> leafTypes(permitted).stream()).toList();
  }

  private static Response error(int status, String words) {
    return Response.json(status, "{\"error\":\"" + words + "\"}");
  }
}
