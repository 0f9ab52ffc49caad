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

@ExtendWith(ContractServerExtension.class)
final class TransportContractTest {

  @Test
  void health_tells_that_the_start_is_over(TestCompany testCompany) {
    JsonNode health = testCompany.board.get("/api/health").expectStatus(200);

    assertThat(health.path("status").asText()).isEqualTo("ok");
    assertThat(health.at("/startupRecovery/phase").asText()).isEqualTo("ready");
  }

  @Test
  void an_unknown_route_is_told_as_json(TestCompany testCompany) {
    assertThat(testCompany.board.get("/api/nope").expectError(404)).isEqualTo("API route not found");
  }

  @Test
  void malformed_json_is_a_500(TestCompany testCompany) {
    assertThat(testCompany.board.send("POST", testCompany.issues(""), "{bad json").expectError(500))
        .isEqualTo("Internal server error");
  }

  @Test
  void an_oversized_body_is_a_500(TestCompany testCompany) {
    String body = "{\"title\":\"" + "x".repeat(11 * 1024 * 1024) + "\"}";

    assertThat(testCompany.board.send("POST", testCompany.issues(""), body).expectError(500))
        .isEqualTo("Internal server error");
  }

  @Test
  void a_body_of_another_type_is_no_object(TestCompany testCompany) {
    TestResponse testResponse = testCompany.board.withHeader("Content-Type", "text/plain").send("POST",
        testCompany.issues(""), "{\"title\":\"x\"}");

    assertThat(testResponse.expectError(400)).isEqualTo("Validation error");
    assertThat(testResponse.body().at("/details/0/path").isEmpty()).isTrue();
  }

  @Test
  void connections_are_kept_for_185_seconds(TestCompany testCompany) {
    assertThat(testCompany.board.get("/api/health").header("keep-alive")).contains("timeout=185");
  }

  @Test
  void large_answers_are_compressed_for_those_who_ask(TestCompany testCompany) throws Exception {
    TestAgent wren = testCompany.createAgent("Wren");
    testCompany.createBacklog("One", wren);
    HttpRequest request = HttpRequest.newBuilder(URI.create(testCompany.board.baseUrl() + testCompany.issues("")))
        .header("Accept-Encoding", "gzip")
        .build();

    HttpResponse<InputStream> response = client(HttpClient.Version.HTTP_1_1).send(request,
        BodyHandlers.ofInputStream());

    assertThat(response.headers().firstValue("content-encoding")).contains("gzip");
    assertThat(response.headers().firstValue("vary")).contains("Accept-Encoding");
    try (InputStream plain = new GZIPInputStream(response.body())) {
      assertThat(TestApiClient.JSON.readTree(new String(plain.readAllBytes(), StandardCharsets.UTF_8)).isArray())
          .isTrue();
    }
  }

  @Test
  void the_compact_list_is_revalidated_by_its_tag_and_may_be_seconds_old(TestCompany testCompany) {
    testCompany.createBacklog("One", testCompany.createAgent("Wren"));
    TestResponse first = testCompany.board.get(testCompany.issues("?view=compact"));
    String tag = first.header("etag").orElseThrow();
    assertThat(tag).startsWith("\"compact-issues:");

    TestResponse again = testCompany.board.withHeader("If-None-Match", tag).get(testCompany.issues("?view=compact"));

    assertThat(again.status()).isEqualTo(304);
    testCompany.createIssueId("Two", Map.of());
    assertThat(testCompany.board.get(testCompany.issues("")).body()).hasSize(2);
    Await.until(
        "the compact list to be made again",
        () -> testCompany.board.withHeader("If-None-Match", tag).get(testCompany.issues("?view=compact"))
            .status() == 200);
  }

  @Test
  void the_jdks_default_client_does_not_get_through(TestCompany testCompany) {
    HttpRequest request = HttpRequest.newBuilder(URI.create(testCompany.board.baseUrl() + "/api/health")).build();

    assertThatThrownBy(() -> client(HttpClient.Version.HTTP_2).send(request, BodyHandlers.ofString()))
        .isInstanceOf(IOException.class);
  }

  private static HttpClient client(HttpClient.Version version) {
    return HttpClient.newBuilder().version(version).build();
  }
}
