package io.heartbeat4j.client;

import static io.heartbeat4j.client.RawServer.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.client.RawServer.Reply;
import io.heartbeat4j.protocol.CostEvent;
import io.heartbeat4j.protocol.NewApproval;
import io.heartbeat4j.protocol.NewInteraction;
import io.heartbeat4j.protocol.SelfWake;
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
class AttemptsTest {

  private static final int READS = 3;
  private static final ClientOptions OPTIONS = ClientOptions.defaults()
      .withBackOff(Duration.ofMillis(1), Duration.ofMillis(1))
      .withMaxAttempts(READS);

  /** An answer that makes each failure that a server can cause. */
  private static final Map<Class<?>, Reply> ANSWERS = Map.ofEntries(
      Map.entry(BadRequest.class, error(400, "Validation error")),
      Map.entry(Unauthorized.class, error(401, "Agent token did not verify")),
      Map.entry(Forbidden.class, error(403, "Board access required")),
      Map.entry(NotFound.class, error(404, "Issue not found")),
      Map.entry(Conflict.class, error(409, "Issue checkout conflict")),
      Map.entry(Unprocessable.class, error(422, "Issue is blocked by unresolved blockers")),
      Map.entry(CapReached.class, error(429, "Cap exceeded")),
      Map.entry(TooManyRequests.class, Reply.json(429, "{\"error\":\"Too many\"}", "Retry-After: 0")),
      Map.entry(ServerFault.class, error(500, "Internal server error")),
      Map.entry(Unavailable.class, error(503, "Starting")),
      Map.entry(UnexpectedAnswer.class, Reply.of(200, "text/html", Buffer.buffer("<html></html>"))),
      Map.entry(NoAnswer.class, Reply.nothing().thenClose()));

  /** What the client finds out by itself: that nobody is there, and that an answered comment has another author. */
  private static final List<Class<?>> FOUND_HERE = List.of(Unreachable.class, WrongAuthor.class);

  private record Kind(String name, Repeat repeat, Function<AgentSession, Future<?>> call) {}

  private static final List<Kind> CALLS = List.of(
      new Kind("a read", Repeat.READ, AgentSession::me),
      new Kind("a checkout", Repeat.KEYED, agent -> agent.in(Example.RUN, Example.AGENT_ID).checkout(Example.ISSUE_ID)),
      new Kind("a comment", Repeat.KEYED, agent -> Example.lease(agent).comment(Example.newComment())),
      new Kind("a card", Repeat.KEYED, agent -> Example.lease(agent).ask(NewInteraction.confirmation("key", null, "Go on?"))),
      new Kind("a subtask", Repeat.KEYED_CREATE, agent -> Example.lease(agent).createChild(Example.COMPANY, Example.child())),
      new Kind("an update", Repeat.ONCE, agent -> Example.lease(agent).update(Example.update())),
      new Kind("a release", Repeat.ONCE, agent -> Example.lease(agent).release()),
      new Kind("an approval", Repeat.ONCE, agent -> Example.lease(agent)
          .requestApproval(Example.COMPANY, NewApproval.forBoard(Example.ISSUE_ID, "Title", "Summary", "key"))),
      new Kind("a self-wake", Repeat.ONCE, agent ->
          agent.wakeSelf(Example.AGENT_ID, SelfWake.on(Example.ISSUE_ID, "a reason"))),
      new Kind("a cost", Repeat.ONCE, agent -> agent.reportCost(Example.COMPANY, new CostEvent(
          Example.AGENT_ID, Example.ISSUE_ID, Example.RUN, "provider", "model", 1, 0, 1, 1, Instant.EPOCH, null, null))));

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    await(vertx.close());
  }

  @TestFactory
  Stream<DynamicTest> each_failure_reaches_the_server_as_often_as_it_may() {
    return leaves(PaperclipException.class).stream()
        .filter(failure -> !FOUND_HERE.contains(failure))
        .flatMap(failure -> CALLS.stream().map(kind -> DynamicTest.dynamicTest(
            kind.name() + " that ends in " + failure.getSimpleName(), () -> count(failure, kind))));
  }

  private void count(Class<?> failure, Kind kind) {
    assertThat(ANSWERS).as("an answer that causes each failure").containsKey(failure);
    try (RawServer server = RawServer.answering(vertx, any -> ANSWERS.get(failure))) {
      AgentSession agent = Paperclip.connect(vertx, server.url(), OPTIONS).as(Example.TOKEN);
      Object end = await(kind.call().apply(agent).map(value -> (Object) value).otherwise(thrown -> thrown));

      assertThat(end).isExactlyInstanceOf(failure);
      assertThat(server.requests()).hasSize(allowed(failure, kind.repeat()));
    }
  }

  /** Contract sections 1, 7 and 13, in four lines. */
  private static int allowed(Class<?> failure, Repeat repeat) {
    if (Rejected.class.isAssignableFrom(failure)) {
      return failure == ServerFault.class && repeat == Repeat.KEYED_CREATE ? 2 : 1;
    }
    boolean didNothing = failure == TooManyRequests.class;
    return repeat == Repeat.READ ? READS : repeat == Repeat.ONCE && !didNothing ? 1 : 2;
  }

  @Test
  void a_busy_server_is_asked_again_and_then_answers() {
    try (RawServer server = RawServer.answering(vertx, request -> request.number() == 1
        ? Reply.json(429, "{\"error\":\"Too many\",\"retryAfterSeconds\":0.001}")
        : Reply.json(200, Example.AGENT))) {
      assertThat(await(Paperclip.connect(vertx, server.url(), OPTIONS).as(Example.TOKEN).me()).name()).isEqualTo("Wren");
      assertThat(server.requests()).hasSize(2);
    }
  }

  @Test
  void a_wait_that_is_longer_than_the_options_allow_fails_at_once() {
    try (RawServer server = RawServer.answering(vertx, any -> Reply.json(503, "{\"error\":\"Back soon\"}", "Retry-After: 600"))) {
      Object end = await(Paperclip.connect(vertx, server.url(), OPTIONS).as(Example.TOKEN).me()
          .map(me -> (Object) me).otherwise(thrown -> thrown));

      assertThat(end).isInstanceOfSatisfying(Unavailable.class, away ->
          assertThat(away.retryAfter()).contains(Duration.ofMinutes(10)));
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void a_server_that_stays_away_is_spared_and_another_one_is_not() {
    try (RawServer down = RawServer.answering(vertx, any -> Reply.nothing().thenClose());
        RawServer up = RawServer.answering(vertx, any -> Reply.json(200, Example.AGENT))) {
      Paperclip away = Paperclip.connect(vertx, down.url(), OPTIONS.withMaxAttempts(1));
      List<String> messages = new ArrayList<>();
      for (int i = 0; i < 15; i++) {
        messages.add(await(away.as(Example.TOKEN).me().map(me -> "").otherwise(Throwable::getMessage)));
      }

      assertThat(down.requests()).hasSize(10);
      assertThat(messages.get(14)).contains("has not answered for a while");
      assertThat(await(Paperclip.connect(vertx, up.url(), OPTIONS).as(Example.TOKEN).me()).name()).isEqualTo("Wren");
    }
  }

  static List<Class<?>> leaves(Class<?> type) {
    if (!type.isSealed()) {
      return List.of(type);
    }
    return Arrays.stream(type.getPermittedSubclasses()).flatMap(permitted -> leaves(permitted).stream()).toList();
  }

  private static Reply error(int status, String words) {
    return Reply.json(status, "{\"error\":\"" + words + "\"}");
  }
}
