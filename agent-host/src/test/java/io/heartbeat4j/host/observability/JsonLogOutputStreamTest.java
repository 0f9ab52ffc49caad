package io.heartbeat4j.host.observability;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonLogOutputStreamTest {

  private static final Instant NOW = Instant.parse("2030-01-02T03:04:05Z");

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final PrintStream lines = JsonLogOutputStream.wrap(
      new PrintStream(written, true, UTF_8), Clock.fixed(NOW, ZoneOffset.UTC));

  private List<JsonNode> read() throws IOException {
    List<JsonNode> all = new ArrayList<>();
    for (String line : written.toString(UTF_8).lines().toList()) {
      all.add(new ObjectMapper().readTree(line));
    }
    return all;
  }

  @Test
  void each_line_is_an_object_with_the_fields_of_the_other_log_lines() throws IOException {
    lines.println("heartbeat: says \"hello\" – to all");

    assertThat(read()).singleElement().satisfies(line -> {
      assertThat(line.path("message").asText()).isEqualTo("heartbeat: says \"hello\" – to all");
      assertThat(line.path("at").asText()).isEqualTo(NOW.toString());
      assertThat(line.path("event").asText()).isEqualTo("log");
      assertThat(line.has("agent") && line.has("run") && line.has("issue")).isTrue();
    });
  }

  @Test
  void a_stack_trace_is_lines_and_empty_ones_are_left_out() throws IOException {
    lines.println();
    new IllegalStateException("broken").printStackTrace(lines);

    assertThat(read()).extracting(line -> line.path("message").asText())
        .hasSizeGreaterThan(1)
        .startsWith("java.lang.IllegalStateException: broken")
        .allSatisfy(message -> assertThat(message).isNotEmpty());
  }

  @Test
  void a_line_is_written_when_it_has_ended_however_many_pieces_it_comes_in() throws IOException {
    lines.print("one ");
    assertThat(written.size()).isZero();

    lines.print("line\r\n");

    assertThat(read()).extracting(line -> line.path("message").asText()).containsExactly("one line");
  }
}
