package io.heartbeat4j.embedded.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** An answer of the server. */
record Reply(String request, int status, HttpHeaders headers, JsonNode body) {

  /** The body of an answer with this status; anything else fails the test. */
  JsonNode expect(int expected) {
    assertThat(status).as("%s -> %s", request, body).isEqualTo(expected);
    return body;
  }

  /** The text of an error with this status. */
  String error(int expected) {
    return expect(expected).path("error").asText();
  }

  String text(String pointer) {
    return body.at(pointer).asText();
  }

  Optional<String> header(String name) {
    return headers.firstValue(name);
  }

  /** One field of every element of an array. */
  List<String> column(String field) {
    return StreamSupport.stream(body.spliterator(), false).map(row -> row.path(field).asText()).toList();
  }
}
