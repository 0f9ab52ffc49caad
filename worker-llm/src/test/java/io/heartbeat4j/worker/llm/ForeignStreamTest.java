package io.heartbeat4j.worker.llm;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.protocol.IssueStatus;
import io.heartbeat4j.testkit.TestIssue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever a provider streams, the issue is settled: the lines of a good answer, mixed up with others. */
class ForeignStreamTest {

  private static final List<String> OTHERS = List.of("", "data:", "data: {", "data: null", "data: []", "data: [DONE]",
      "data: {\"choices\":[]}", "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":-1}]}}]}",
      "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":999999999}]}}]}", "data: {\"candidates\":[{}]}",
      "data: {\"type\":\"content_block_delta\",\"index\":7,\"delta\":{\"type\":\"input_json_delta\"}}", "event: error",
      "data: {\"type\":\"error\",\"error\":{}}", "data: " + "[".repeat(3_000), ": comment", "\u0000", "id",
      "retry: -1");

  @Property(tries = 8)
  void an_answer(@ForAll WireFormat wireFormat, @ForAll("edits") List<Integer> edits) throws Exception {
    List<String> lines = new ArrayList<>(ProviderStreamFixture.toolCall(wireFormat, "finish",
        ProviderStreamFixture.json(Map.of("outcome", "done", "summary", "Done."))).lines().toList());
    for (int edit : edits) {
      int at = Math.floorMod(edit, Math.max(1, lines.size()));
      switch (Math.floorMod(edit, 3)) {
        case 0 -> lines.add(at, OTHERS.get(Math.floorMod(edit / 3, OTHERS.size())));
        case 1 -> lines.add(at, lines.isEmpty() ? "" : lines.get(lines.size() / 2));
        default -> lines = new ArrayList<>(lines.subList(0, at));
      }
    }
    String events = String.join("\n", lines) + "\n\n";
    try (RawResponseServer provider = RawResponseServer.start(
        RawResponseServer.refusing(200, "Content-Type", "text/event-stream", events),
        RawResponseServer.refusing(200, "Content-Type", "text/event-stream", events));
        LlmFixture llmFixture = LlmFixture.at(provider.url(), wireFormat, Map.of("model", Map.of("timeout", "2s")))) {
      TestIssue worked = llmFixture.work("Look", "at it");

      assertThat(worked.status()).as(worked.toString())
          .isIn(IssueStatus.DONE, IssueStatus.IN_REVIEW, IssueStatus.BLOCKED);
      assertThat(worked.lastComment()).isNotBlank();
    }
  }

  @Provide
  Arbitrary<List<Integer>> edits() {
    return Arbitraries.integers().between(0, 10_000).list().ofMinSize(1).ofMaxSize(4);
  }
}
