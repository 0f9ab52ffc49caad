package io.heartbeat4j.embedded.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ContractServer.class)
final class TransportContractTest {

  @Test
  void health_tells_that_the_start_is_over(Workplace work) {
    JsonNode health = work.board.get("/api/health").expect(200);

    assertThat(health.path("status").asText()).isEqualTo("ok");
    assertThat(health.at("/startupRecovery/phase").asText()).isEqualTo("ready");
  }

  @Test
  void an_unknown_route_is_told_as_json(Workplace work) {
    assertThat(work.board.get("/api/nope").error(404)).isEqualTo("API route not found");
  }

  @Test
  void malformed_json_is_a_500(Workplace work) {
    assertThat(work.board.send("POST", work.issues(""), "{bad json").error(500)).isEqualTo("Internal server error");
  }

  @Test
  void an_oversized_body_is_a_500(Workplace work) {
    String body = "{\"title\":\"" + "x".repeat(11 * 1024 * 1024) + "\"}";

    assertThat(work.board.send("POST", work.issues(""), body).error(500)).isEqualTo("Internal server error");
  }

  @Test
  void a_body_of_another_type_is_no_object(Workplace work) {
    Reply reply = work.board.with("Content-Type", "text/plain").send("POST", work.issues(""), "{\"title\":\"x\"}");

    assertThat(reply.error(400)).isEqualTo("Validation error");
    assertThat(reply.body().at("/details/0/path").isEmpty()).isTrue();
  }

  @Test
  void connections_are_kept_for_185_seconds(Workplace work) {
    assertThat(work.board.get("/api/health").header("keep-alive")).contains("timeout=185");
  }

  @Test
  void large_answers_are_compressed_for_those_who_ask(Workplace work) throws Exception {
    TestAgent wren = work.agent("Wren");
    work.backlog("One", wren);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(work.board.baseUrl() + work.issues("")))
            .header("Accept-Encoding", "gzip")
            .build();

    HttpResponse<InputStream> response = client(HttpClient.Version.HTTP_1_1).send(request, BodyHandlers.ofInputStream());

    assertThat(response.headers().firstValue("content-encoding")).contains("gzip");
    assertThat(response.headers().firstValue("vary")).contains("Accept-Encoding");
    try (InputStream plain = new GZIPInputStream(response.body())) {
      assertThat(Api.JSON.readTree(new String(plain.readAllBytes(), StandardCharsets.UTF_8)).isArray()).isTrue();
    }
  }

  @Test
  void the_compact_list_is_revalidated_by_its_tag_and_may_be_seconds_old(Workplace work) {
    work.backlog("One", work.agent("Wren"));
    Reply first = work.board.get(work.issues("?view=compact"));
    String tag = first.header("etag").orElseThrow();
    assertThat(tag).startsWith("\"compact-issues:");

    Reply again = work.board.with("If-None-Match", tag).get(work.issues("?view=compact"));

    assertThat(again.status()).isEqualTo(304);
    work.issue("Two", Map.of());
    assertThat(work.board.get(work.issues("")).body()).hasSize(2);
    Await.until(
        "the compact list to be made again",
        () -> work.board.with("If-None-Match", tag).get(work.issues("?view=compact")).status() == 200);
  }

  @Test
  void the_jdks_default_client_does_not_get_through(Workplace work) {
    HttpRequest request = HttpRequest.newBuilder(URI.create(work.board.baseUrl() + "/api/health")).build();

    assertThatThrownBy(() -> client(HttpClient.Version.HTTP_2).send(request, BodyHandlers.ofString()))
        .isInstanceOf(IOException.class);
  }

  private static HttpClient client(HttpClient.Version version) {
    return HttpClient.newBuilder().version(version).build();
  }
}
