package io.heartbeat4j.embedded.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** An answer of the server. */
record TestResponse(String request, int status, HttpHeaders headers, JsonNode body) {

  /** The body of an answer with this status; anything else fails the test. */
  JsonNode expectStatus(int expected) {
    assertThat(status).as("%s -> %s", request, body).isEqualTo(expected);
    return body;
  }

  /** The text of an error with this status. */
  String expectError(int expected) {
    return expectStatus(expected).path("error").asText();
  }

  String text(String pointer) {
    return body.at(pointer).asText();
  }

  Optional<String> header(String name) {
    return headers.firstValue(name);
  }

  /** One field of every element of an array. */
  List<String> values(String field) {
    return StreamSupport.stream(body.spliterator(), false).map(row -> row.path(field).asText()).toList();
  }
}
