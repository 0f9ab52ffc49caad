package io.heartbeat4j.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.embedded.Fault;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.worker.Delegation;
import io.heartbeat4j.worker.Unblock;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.heartbeat.policy.Limits;
import io.heartbeat4j.heartbeat.state.StateDirectory;
import io.heartbeat4j.heartbeat.state.Storage;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What stops a heartbeat from doing harm: to the board's name, to somebody else's issue, to itself. */
class GuardsTest {

  private final Scene scene = new Scene();

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void a_token_that_has_expired_by_this_machines_clock_sends_nothing_at_all() {
    scene.restart(Limits.DEFAULT, Clock.offset(Clock.systemUTC(), Duration.ofDays(365)));
    String agent = scene.agent("Wren", context -> new WorkResult.Done("never"));

    scene.assigned("Late", agent);

    assertThat(scene.next().failure()).isInstanceOfSatisfying(HeartbeatException.class, failure -> {
      assertThat(failure.kind()).isEqualTo(HeartbeatException.Kind.NOT_ALLOWED);
      assertThat(failure).hasMessageContaining("expired");
    });
    assertThat(scene.server.requests().all()).isEmpty();
  }

  @Test
  void a_comment_that_comes_back_as_somebody_elses_stops_all_writing_of_the_run() {
    scene.server.faults().add(Fault.on("POST", "/api/issues/[^/]+/comments").once().answerAfterProcessing(201, Map.of(),
        "{\"id\":\"" + UUID.randomUUID() + "\",\"body\":\"I begin.\",\"authorType\":\"user\",\"authorUserId\":\"local-board\","
            + "\"createdAt\":\"2026-01-01T00:00:00.000Z\"}"));
    String agent = scene.agent("Wren", context -> {
      context.comment("I begin.");
      return new WorkResult.Done("Done.");
    });

    String issue = scene.assigned("Speak", agent);

    assertThat(scene.next().failure()).isInstanceOfSatisfying(HeartbeatException.class, failure ->
        assertThat(failure.kind()).isEqualTo(HeartbeatException.Kind.NOT_ALLOWED));
    assertThat(scene.requests("PATCH", ".*")).isEmpty();
    assertThat(scene.requests("POST", ".*/interactions")).isEmpty();
    assertThat(scene.status(issue)).isEqualTo("in_progress");
  }

  @Test
  void an_older_issue_of_the_same_name_is_not_taken_for_the_subtask_if_somebody_else_made_it() {
    String report = scene.agent("Wren", context -> new WorkResult.Done("Done."));
    Scene.await(scene.board.pause(report));
    String manager = scene.agent("Cora", context -> new WorkResult.Blocked("Wren does it.", new Unblock.BySubtasks(),
        List.of(Delegation.to(AgentId.of(report), "The part", "All of it."))));
    String parent = scene.issue("The whole", Map.of("status", "backlog", "goalId", scene.goal));
    String namesake = scene.issue("the  PART", Map.of("parentId", parent, "goalId", scene.goal));

    Scene.await(scene.board.update(parent, Map.of("status", "todo", "assigneeAgentId", manager)));

    assertThat(scene.nextOutcome().summary()).endsWith("is blocked");
    assertThat(scene.children(parent)).hasSize(2).filteredOn(child -> !Scene.id(child).equals(namesake))
        .singleElement().satisfies(child -> {
          assertThat(child.path("assigneeAgentId").asText()).isEqualTo(report);
          assertThat(child.path("createdByAgentId").asText()).isEqualTo(manager);
        });
    assertThat(scene.requests("POST", "/api/companies/[^/]+/issues")).hasSize(2).satisfiesExactly(
        first -> assertThat(first.body()).doesNotContain("allowDuplicate"),
        second -> assertThat(second.body()).contains("\"allowDuplicate\":true").contains("idempotencyKey"));
    assertThat(scene.read(parent).path("blockedBy")).singleElement().satisfies(blocker ->
        assertThat(Scene.id(blocker)).isNotEqualTo(namesake));
  }

  @Test
  void a_disk_that_can_not_be_written_costs_the_journal_and_not_the_heartbeat() {
    scene.memory = (url, company, agent) -> StateDirectory.in(new NoDisk(), scene.state, scene.warnings::add);
    String agent = scene.agent("Wren", context -> new WorkResult.Done("Done."));

    String issue = scene.assigned("Work", agent);

    assertThat(scene.nextOutcome().summary()).endsWith("is done");
    assertThat(scene.agentComments(issue)).containsExactly("Done.");
    assertThat(scene.warnings).singleElement().asString().contains("HEARTBEAT_STATE_DIR");
  }

  private static final class NoDisk implements Storage {

    private static IOException full() {
      return new IOException("No space left on device");
    }

    @Override
    public List<String> names(String folder) {
      return List.of();
    }

    @Override
    public Optional<byte[]> read(String name) {
      return Optional.empty();
    }

    @Override
    public void replace(String name, byte[] content) throws IOException {
      throw full();
    }

    @Override
    public void append(String name, byte[] bytes) throws IOException {
      throw full();
    }

    @Override
    public Optional<Log> log(String name) throws IOException {
      throw full();
    }
  }
}
