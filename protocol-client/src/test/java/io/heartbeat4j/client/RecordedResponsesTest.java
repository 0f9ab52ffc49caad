package io.heartbeat4j.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.heartbeat4j.protocol.Agent;
import io.heartbeat4j.protocol.ApiError;
import io.heartbeat4j.protocol.Approval;
import io.heartbeat4j.protocol.Comment;
import io.heartbeat4j.protocol.HeartbeatRun;
import io.heartbeat4j.protocol.InboxItem;
import io.heartbeat4j.protocol.Interaction;
import io.heartbeat4j.protocol.Issue;
import io.heartbeat4j.protocol.IssueContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every body that was recorded on the real server is read into the type that the client reads it into. */
class RecordedResponsesTest {

  private static final Path FIXTURES = Path.of("src/test/resources/fixtures");
  private static final String ID = "[^/?]+";

  /** What a successful answer to a request is read into; the first match counts. */
  private static final Map<String, Class<?>> TYPES = new LinkedHashMap<>();

  static {
    TYPES.put("GET /api/agents/me", Agent.class);
    TYPES.put("GET /api/agents/me/inbox-lite", InboxItem.class);
    TYPES.put("GET /api/heartbeat-runs/" + ID, HeartbeatRun.class);
    TYPES.put("POST /api/agents/" + ID + "/(wakeup|heartbeat/invoke)", HeartbeatRun.class);
    TYPES.put("(GET|POST) /api/companies/" + ID + "/approvals", Approval.class);
    TYPES.put("GET /api/approvals/" + ID + "/issues", Issue.class);
    TYPES.put("(GET|POST) /api/approvals/" + ID + "/comments", JsonNode.class);
    TYPES.put("(GET|POST) /api/approvals/" + ID + "(/approve|/reject|/request-revision)?", Approval.class);
    TYPES.put("GET /api/companies/" + ID + "/issues", InboxItem.class);
    TYPES.put("POST /api/companies/" + ID + "/issues", Issue.class);
    TYPES.put("GET /api/issues/" + ID + "/heartbeat-context", IssueContext.class);
    TYPES.put("(GET|POST) /api/issues/" + ID + "/comments(/" + ID + ")?", Comment.class);
    TYPES.put("(GET|POST) /api/issues/" + ID + "/interactions(/" + ID + "/accept)?", Interaction.class);
    TYPES.put("POST /api/issues/" + ID + "/(checkout|release)", Issue.class);
    TYPES.put("GET /api/issues/" + ID, Issue.class);
    TYPES.put("PATCH /api/issues/" + ID, IssueUpdateResult.class);
  }

  /** Answers that no step reads: seeding, the gateway's own traffic, documents and the like. */
  private static final List<String> NOT_OURS = List.of(
      "seed-.*", "gateway-.*", "http-0[12].*", "11-(document|work-product).*", "12-cost-event-create",
      "14-(pause|resume|terminate)-agent",
      "15-.*", "17-(tree-hold|unscoped-run-document).*", "18-.*", "99-heartbeat-run-issues.*",
      "auth-(basic|companies-list-as-agent|me-no-token).*",
      "http-1[0124].*", "http-11.*");

  private final ObjectMapper json = ProtocolJson.mapper();

  @TestFactory
  Stream<DynamicTest> every_recorded_body_is_read() throws IOException {
    try (Stream<Path> files = Files.list(FIXTURES)) {
      return files.sorted().toList().stream()
          .map(file -> DynamicTest.dynamicTest(name(file), () -> read(file)));
    }
  }

  @Test
  void all_fixtures_are_here() throws IOException {
    try (Stream<Path> files = Files.list(FIXTURES)) {
      assertThat(files.count()).isGreaterThan(190);
    }
  }

  private void read(Path file) throws IOException {
    JsonNode fixture = json.readTree(Files.readAllBytes(file));
    JsonNode response = fixture.path("response");
    int status = response.path("status").asInt();
    JsonNode body = response.path("body");
    if (status >= 400 && body.isObject()) {
      assertThat(json.treeToValue(body, ApiError.class).error()).isNotBlank();
      return;
    }
    String request = fixture.path("request").path("method").asText() + " "
        + fixture.path("request").path("path").asText().replaceFirst("\\?.*", "");
    Optional<Class<?>> type = TYPES.entrySet().stream()
        .filter(entry -> request.matches(entry.getKey()))
        .<Class<?>>map(Map.Entry::getValue)
        .findFirst();
    if (type.isEmpty() || body.isMissingNode() || body.isNull() || body.isTextual()) {
      assertThat(NOT_OURS.stream().anyMatch(pattern -> name(file).matches(pattern)) || !body.isContainerNode())
          .as("a recorded answer that nothing reads: " + request + " in " + file)
          .isTrue();
      return;
    }
    for (JsonNode one : body.isArray() ? body : List.of(body)) {
      Object value = type.get() == IssueUpdateResult.class
          ? IssueUpdateResult.of(io.heartbeat4j.protocol.IssueId.of(one.path("id").asText()), one)
          : json.treeToValue(one, type.get());
      assertThat(value).isNotNull();
    }
  }

  private static String name(Path file) {
    return file.getFileName().toString().replace(".json", "");
  }
}
