package io.heartbeat4j.heartbeat.wake;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.heartbeat.outcome.HeartbeatException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever a caller sends as a wake is read, or refused in words without the token. */
class ForeignWakeTest {

  private static final String ID = "0b7c0000-0000-4000-8000-000000000001";
  private static final String TOKEN = "pcp_" + "example".repeat(3);
  private static final List<String> NAMES = List.of("PAPERCLIP_API_URL", "PAPERCLIP_AGENT_ID",
      "PAPERCLIP_COMPANY_ID", "PAPERCLIP_RUN_ID", "PAPERCLIP_TASK_ID", "PAPERCLIP_WAKE_REASON",
      "PAPERCLIP_WAKE_COMMENT_ID", "PAPERCLIP_APPROVAL_ID", "PAPERCLIP_LINKED_ISSUE_IDS", "PAPERCLIP_WAKE_PAYLOAD_JSON",
      "PAPERCLIP_WORKSPACE_CWD", "HEARTBEAT_API_URL");
  private static final List<String> PIECES = List.of(ID, ",", "{", "}", "[", "]", "\"reason\":", "\"issue_assigned\"",
      "\"comments\":", "\"issue\":{\"id\":\"" + ID + "\"}", "\"commentIds\":[\"" + ID + "\"]", "null", "1e999",
      "http://",
      "127.0.0.1", ":", "99999", "/", "%zz", "\u0000", "\r\n", "\ud800", "[".repeat(2_000), "x".repeat(5_000), " ");

  @Property
  void a_wake(@ForAll("variables") Map<String, String> variables) {
    Map<String, String> environment = new HashMap<>(Map.of("PAPERCLIP_API_URL", "http://127.0.0.1:3100",
        "PAPERCLIP_API_KEY", TOKEN, "PAPERCLIP_AGENT_ID", ID, "PAPERCLIP_COMPANY_ID", ID, "PAPERCLIP_RUN_ID", ID));
    environment.putAll(variables);
    try {
      assertThat(EnvironmentWakeReader.read(environment).warnings()).noneMatch(warning -> warning.contains(TOKEN));
    } catch (HeartbeatException refused) {
      assertThat(refused).message().isNotBlank().doesNotContain(TOKEN);
    }
  }

  @Provide
  Arbitrary<Map<String, String>> variables() {
    return Arbitraries.maps(Arbitraries.of(NAMES),
        Arbitraries.of(PIECES).list().ofMaxSize(8).map(parts -> String.join("", parts))).ofMaxSize(4);
  }
}
