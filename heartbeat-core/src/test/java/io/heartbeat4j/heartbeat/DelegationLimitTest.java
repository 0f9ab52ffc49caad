package io.heartbeat4j.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.worker.Delegation;
import io.heartbeat4j.worker.UnblockCondition;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.Worker;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An agent makes so many subtasks of an issue by itself; before more of them a person is asked. */
class DelegationLimitTest {

  private final HeartbeatFixture fixture = new HeartbeatFixture();
  private final AtomicInteger worked = new AtomicInteger();
  private final String helper = fixture.agent("Pia", context -> new WorkResult.Done("Did my part."));

  @AfterEach
  void close() {
    fixture.close();
  }

  /** Delegates at each call, up to so many times; then it is done. */
  private Worker delegates(int rounds, int wide) {
    return context -> {
      int call = worked.incrementAndGet();
      return call > rounds ? new WorkResult.Done("All done.")
          : new WorkResult.Blocked("Parts first.", new UnblockCondition.BySubtasks(), parts(call, wide));
    };
  }

  private List<Delegation> parts(int call, int wide) {
    return IntStream.rangeClosed(1, wide)
        .mapToObj(part -> Delegation.to(AgentId.of(helper), "Part " + call + "." + part, "All of it.")).toList();
  }

  private JsonNode onlyCard(String issue) {
    return fixture.cards(issue).stream().filter(card -> card.path("status").asText().equals("pending"))
        .reduce((one, other) -> {
          throw new AssertionError("two cards wait for an answer: " + one + " " + other);
        }).orElseThrow();
  }

  private void accept(String issue) {
    HeartbeatFixture.await(fixture.embeddedBoard.acceptInteraction(issue, HeartbeatFixture.id(onlyCard(issue))));
  }

  @Test
  void a_worker_that_answers_all_finished_subtasks_with_new_ones_asks_a_person_after_three_rounds() {
    String agent = fixture.agent("Wren", delegates(12, 2));

    String issue = fixture.assigned("Never ends", agent);
    fixture.awaitIdle();

    assertThat(fixture.status(issue)).isEqualTo("blocked");
    assertThat(fixture.children(issue)).hasSize(6);
    assertThat(worked).hasValue(4);
    assertThat(onlyCard(issue).path("payload").path("detailsMarkdown").asText())
        .contains("Parts first.", "Part 4.1", "Part 4.2");
    assertThat(fixture.agentComments(issue).getLast()).contains("3 rounds").contains("card");
  }

  @Test
  void the_count_survives_a_restart_between_the_rounds() {
    String agent = fixture.agent("Wren", context -> {
      fixture.restart();
      return delegates(12, 1).perform(context);
    });

    String issue = fixture.assigned("Never ends", agent);
    fixture.awaitIdle();

    assertThat(fixture.children(issue)).hasSize(3);
    assertThat(worked).hasValue(4);
  }

  @Test
  void an_accepted_list_is_made_once_without_calling_the_worker_and_the_work_goes_on() {
    String agent = fixture.agent("Wren", delegates(4, 2));
    String issue = fixture.assigned("Long", agent);
    fixture.awaitIdle();
    fixture.restart();

    accept(issue);
    fixture.awaitIdle();

    assertThat(fixture.children(issue)).hasSize(8)
        .extracting(child -> child.path("title").asText()).contains("Part 4.1", "Part 4.2").doesNotHaveDuplicates();
    assertThat(worked).hasValue(5);
    assertThat(fixture.status(issue)).isEqualTo("done");
  }

  @Test
  void a_rejected_list_is_not_made_and_the_issue_says_so_and_rests() {
    String agent = fixture.agent("Wren", delegates(12, 1));
    String issue = fixture.assigned("Never ends", agent);
    fixture.awaitIdle();

    HeartbeatFixture.await(fixture.embeddedBoard.rejectInteraction(issue, HeartbeatFixture.id(onlyCard(issue)),
        "Do it yourself."));
    fixture.awaitIdle();

    assertThat(fixture.children(issue)).hasSize(3);
    assertThat(worked).hasValue(4);
    assertThat(fixture.status(issue)).isEqualTo("blocked");
    assertThat(fixture.agentComments(issue).getLast()).contains("Do it yourself.");
  }

  @Test
  void who_comments_instead_of_accepting_gets_another_list_and_only_that_one_is_made_when_it_is_accepted() {
    String agent = fixture.agent("Wren", delegates(12, 9));
    String issue = fixture.assigned("Wide", agent);
    fixture.awaitIdle();
    assertThat(fixture.children(issue)).hasSize(18);

    HeartbeatFixture.await(fixture.embeddedBoard.addComment(issue, "Please not those."));
    fixture.awaitIdle();
    assertThat(fixture.children(issue)).hasSize(18);
    assertThat(fixture.cards(issue)).hasSize(2);

    accept(issue);
    fixture.awaitIdle();

    assertThat(fixture.children(issue)).extracting(child -> child.path("title").asText()).hasSize(36)
        .contains("Part 4.1", "Part 4.9").noneMatch(title -> title.startsWith("Part 3."));
  }

  @Test
  void more_than_twenty_subtasks_of_one_issue_are_asked_for() {
    String agent = fixture.agent("Wren", delegates(1, 21));

    String issue = fixture.assigned("Very wide", agent);
    fixture.nextOutcome();

    assertThat(fixture.children(issue)).isEmpty();
    assertThat(fixture.agentComments(issue)).singleElement().asString().contains("the limit is 20");
    assertThat(onlyCard(issue).path("payload").path("detailsMarkdown").asText()).contains("Part 1.1", "Part 1.21");
  }

  @Test
  void wide_delegation_within_the_limits_is_made_at_once() {
    String agent = fixture.agent("Wren", delegates(2, 10));

    String issue = fixture.assigned("Wide", agent);
    fixture.awaitIdle();

    assertThat(fixture.children(issue)).hasSize(20);
    assertThat(fixture.cards(issue)).isEmpty();
    assertThat(fixture.status(issue)).isEqualTo("done");
  }

  @Test
  void subtasks_of_subtasks_end_at_the_fifth_ancestor() {
    AtomicInteger deep = new AtomicInteger();
    String[] self = new String[1];
    self[0] = fixture.agent("Wren", context -> new WorkResult.Blocked("Deeper.", new UnblockCondition.BySubtasks(),
        List.of(Delegation.to(AgentId.of(self[0]), "Depth " + deep.incrementAndGet(), "And so on."))));

    fixture.assigned("Depth 0", self[0]);
    fixture.awaitIdle();

    List<JsonNode> all = HeartbeatFixture.list(
        HeartbeatFixture.await(fixture.embeddedBoard.read("/api/companies/" + fixture.company + "/issues")));
    assertThat(all).hasSize(6);
    JsonNode deepest = all.stream().filter(issue -> issue.path("title").asText().equals("Depth 5")).findFirst()
        .orElseThrow();
    assertThat(onlyCard(HeartbeatFixture.id(deepest)).path("payload").path("detailsMarkdown").asText())
        .contains("Depth 6");
    assertThat(fixture.agentComments(HeartbeatFixture.id(deepest)).getLast()).contains("5 issues above");
  }

  @Test
  void a_persons_word_begins_the_rounds_anew() {
    String agent = fixture.agent("Wren", delegates(6, 1));
    String issue = fixture.assigned("Guided", agent);
    fixture.awaitIdle();
    assertThat(worked).hasValue(4);

    HeartbeatFixture.await(fixture.embeddedBoard.addComment(issue, "Go on, but smaller."));
    fixture.awaitIdle();

    assertThat(worked).hasValue(7);
    assertThat(fixture.children(issue)).hasSize(5);
    assertThat(fixture.status(issue)).isEqualTo("done");
  }
}
