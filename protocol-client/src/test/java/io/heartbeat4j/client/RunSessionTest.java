package io.heartbeat4j.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.Comment;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.NewComment;
import io.heartbeat4j.protocol.RunId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What stops a run's writes before they are sent. */
class RunSessionTest {

  private static final Instant EXPIRY = Instant.parse("2026-01-01T12:00:00Z");
  private static final String ID = "11111111-2222-4333-8444-555555555555";

  private final Vertx vertx = Vertx.vertx();
  private final List<InProcessTransport.Request> sent = new ArrayList<>();

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private static AgentToken tokenOfARun() {
    String claims = "{\"iss\":\"paperclip\",\"sub\":\"" + ID + "\",\"company_id\":\"" + ID + "\",\"run_id\":\"" + ID
        + "\",\"exp\":" + EXPIRY.getEpochSecond() + "}";
    return AgentToken
        .of("head." + Base64.getUrlEncoder().withoutPadding().encodeToString(claims.getBytes(UTF_8)) + ".tail");
  }

  private RunSession session(Instant now, String author) {
    InProcessTransport inProcessTransport = request -> {
      sent.add(request);
      return Future.succeededFuture(
          new InProcessTransport.Response(201, Map.of(), "{\"id\":\"" + UUID.randomUUID() + "\",\"issueId\":\"" + ID
              + "\",\"body\":\"Hello.\"," + author + ",\"createdAt\":\"2026-01-01T11:00:00.000Z\"}"));
    };
    return PaperclipClient.withTransport(inProcessTransport, Scheduler.of(vertx, Clock.fixed(now, ZoneOffset.UTC)),
        ServerUrl.of("http://simulated"),
        ClientOptions.defaults()).session(tokenOfARun()).forRun(RunId.of(ID), AgentId.of(ID));
  }

  private static final String BY_THE_AGENT = "\"authorType\":\"agent\",\"authorAgentId\":\"" + ID + "\"";
  private static final String BY_THE_BOARD = "\"authorType\":\"user\",\"authorUserId\":\"local-board\"";

  private static Future<Comment> comment(RunSession session) {
    Future<Comment> comment = session.commentOnly(IssueId.of(ID)).comment(new NewComment("Hello.", UUID.randomUUID()));
    comment.otherwiseEmpty().toCompletionStage().toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
    return comment;
  }

  @Test
  void a_token_that_has_expired_writes_nothing() {
    Future<Comment> comment = comment(session(EXPIRY, BY_THE_AGENT));

    assertThat(comment.cause()).isInstanceOf(Unauthorized.class).hasMessageContaining("not sent");
    assertThat(sent).isEmpty();
  }

  @Test
  void a_token_that_has_a_second_left_writes() {
    Future<Comment> comment = comment(session(EXPIRY.minus(Duration.ofSeconds(1)), BY_THE_AGENT));

    assertThat(comment.succeeded()).isTrue();
    assertThat(sent).hasSize(1);
  }

  @Test
  void a_comment_that_comes_back_as_somebody_elses_is_the_last_write_of_the_run() {
    RunSession session = session(EXPIRY.minus(Duration.ofHours(1)), BY_THE_BOARD);

    assertThat(comment(session).cause()).isInstanceOf(AuthorMismatch.class);
    assertThat(comment(session).cause()).isInstanceOf(AuthorMismatch.class);

    assertThat(sent).hasSize(1);
  }
}
