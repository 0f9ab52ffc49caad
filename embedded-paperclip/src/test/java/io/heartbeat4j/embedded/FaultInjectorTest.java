package io.heartbeat4j.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a disturbed request does, and what its sender sees of it. */
final class FaultInjectorTest {

  private static final String ISSUES = "/api/companies/.*/issues";

  private final Vertx vertx = Vertx.vertx();
  private final EmbeddedPaperclip server = TestHttpClient.await(EmbeddedPaperclip.start(vertx));
  private final TestHttpClient client = new TestHttpClient(server);
  private String company = "";

  @BeforeEach
  void seed() {
    company = TestHttpClient.await(server.board().createCompany("Faulty")).path("id").asText();
  }

  @AfterEach
  void stop() {
    TestHttpClient.await(server.close().compose(closed -> vertx.close()));
  }

  static List<Arguments> answers() {
    FaultRuleBuilder once = FaultRuleBuilder.on("POST", ISSUES).once();
    return List.of(
        Arguments.of(once.conflict(), 409, false),
        Arguments.of(once.unprocessable(), 422, false),
        Arguments.of(once.tooManyRequests(), 429, false),
        Arguments.of(once.tooManyRequests(7), 429, false),
        Arguments.of(once.internalError(), 500, false),
        Arguments.of(once.internalErrorAfterProcessing(), 500, true),
        Arguments.of(once.unavailable(), 503, false),
        Arguments.of(once.htmlPage(), 200, false));
  }

  @ParameterizedTest
  @MethodSource("answers")
  void an_answer_comes_instead_and_the_work_is_done_or_not(FaultRule fault, int status, boolean processed)
      throws Exception {
    server.faults().addRule(fault);

    assertThat(createIssue().statusCode()).isEqualTo(status);

    assertThat(issues()).hasSize(processed ? 1 : 0);
    // the server recognises the same title again
    assertThat(createIssue().statusCode()).isEqualTo(processed ? 200 : 201);
  }

  @Test
  void only_one_kind_of_429_says_when_to_come_back() throws Exception {
    server.faults().addRule(FaultRuleBuilder.on("POST", ISSUES).once().tooManyRequests(7));
    assertThat(createIssue().headers().firstValue("retry-after")).contains("7");
    server.faults().clear();

    server.faults().addRule(FaultRuleBuilder.on("POST", ISSUES).once().tooManyRequests());
    assertThat(createIssue().headers().firstValue("retry-after")).isEmpty();
  }

  @Test
  void a_lost_request_does_nothing_and_a_lost_answer_hides_what_was_done() {
    server.faults().addRule(FaultRuleBuilder.on("POST", ISSUES).once().dropRequest());
    assertThatThrownBy(this::createIssue).isInstanceOf(IOException.class);
    assertThat(issues()).isEmpty();
    server.faults().clear();

    server.faults().addRule(FaultRuleBuilder.on("POST", ISSUES).once().dropResponse());
    assertThatThrownBy(this::createIssue).isInstanceOf(IOException.class);
    assertThat(issues()).hasSize(1);
  }

  @Test
  void a_truncated_answer_ends_with_the_connection() {
    server.faults().addRule(FaultRuleBuilder.on("POST", ISSUES).once().truncateResponse(10));

    assertThatThrownBy(this::createIssue).isInstanceOf(IOException.class);

    assertThat(issues()).hasSize(1);
  }

  @Test
  void a_delayed_request_waits_for_virtual_time() {
    EmbeddedOptions options = EmbeddedOptions.defaults().virtualTime(VirtualTimeTest.START);
    EmbeddedPaperclip standing = TestHttpClient.await(EmbeddedPaperclip.start(vertx, options));
    String there = TestHttpClient.await(standing.board().createCompany("Slow")).path("id").asText();
    standing.faults().addRule(FaultRuleBuilder.on("POST", ISSUES).once().delayRequest(Duration.ofMinutes(5)));
    var asked = new java.util.concurrent.CompletableFuture<Integer>();
    Thread.ofVirtual().start(() -> {
      try {
        asked.complete(new TestHttpClient(standing).post("/api/companies/" + there + "/issues", "{\"title\":\"Late\"}")
            .statusCode());
      } catch (IOException | InterruptedException failure) {
        asked.completeExceptionally(failure);
      }
    });

    while (!asked.isDone()) {
      TestHttpClient.await(standing.advanceTime(Duration.ofMinutes(1)));
    }

    assertThat(asked.join()).isEqualTo(201);
    String created = TestHttpClient.await(standing.board().read("/api/companies/" + there + "/issues")).get(0)
        .path("createdAt").asText();
    assertThat(java.time.Instant.parse(created)).isAfterOrEqualTo(VirtualTimeTest.START.plus(Duration.ofMinutes(5)));
  }

  private HttpResponse<String> createIssue() throws IOException, InterruptedException {
    return client.post("/api/companies/" + company + "/issues", "{\"title\":\"New\"}");
  }

  private JsonNode issues() {
    return TestHttpClient.await(server.board().read("/api/companies/" + company + "/issues"));
  }
}
