package io.heartbeat4j.cli.tail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.heartbeat4j.client.ProtocolJson;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunTimelineTest {

  private static final String STATE = """
      {"type": "state", "agents": [{"name": "wren"}, {"name": "pia"}], "down": [], "more": 0, "runs": [
        {"run": "r-1", "agent": "wren", "reason": "issue_assigned", "accepted": "2026-11-28T10:00:00Z", "steps": [
          {"at": "2026-11-28T10:00:01Z", "step": 5, "name": "Checkout", "text": "checked out", "issue": "CON-1"}]},
        {"run": "r-0", "agent": "pia", "reason": "timer", "accepted": "2026-11-28T09:00:00Z", "steps": [],
         "phase": "completed", "ended": "2026-11-28T09:00:02Z", "output": "CON-0 is done"}]}""";

  private static RunTimeline timeline(String... chosen) {
    return new RunTimeline(List.of(chosen).stream().findFirst(), ZoneOffset.UTC);
  }

  private static List<String> lines(RunTimeline timeline, String event) throws JsonProcessingException {
    return timeline.lines(ProtocolJson.mapper().readTree(event));
  }

  @Test
  void without_a_choice_what_is_under_way_is_shown_and_then_what_happens() throws JsonProcessingException {
    RunTimeline timeline = timeline();

    assertThat(lines(timeline, STATE)).containsExactly(
        "10:00:00  wren  -  woken: issue_assigned", "10:00:01  wren  CON-1  5 Checkout: checked out");
    assertThat(lines(timeline, """
        {"type": "step", "run": "r-1", "value": {"at": "2026-11-28T10:00:02Z", "step": 7, "name": "Do the Work",
         "text": "two\\nlines\\u001b[2J"}}""")).singleElement().asString()
        .startsWith("10:00:02  wren  CON-1  7 Do the Work: two\n    lines").doesNotContain("\u001b");
    assertThat(lines(timeline,
        """
        {"type": "change", "run": "r-1", "value": {"phase": "failed", "ended": "2026-11-28T10:00:03Z", "error": "no"}}"""))
        .containsExactly("10:00:03  wren  CON-1  failed: no");
    assertThat(timeline.isOver()).isFalse();
  }

  @Test
  void an_agents_runs_are_shown_and_no_others() throws JsonProcessingException {
    RunTimeline timeline = timeline("pia");

    assertThat(lines(timeline, STATE)).containsExactly(
        "09:00:00  pia  -  woken: timer", "09:00:02  pia  -  completed: CON-0 is done");
    assertThat(lines(timeline,
        """
        {"type": "step", "run": "r-1", "value": {"at": "2026-11-28T10:00:02Z", "step": 7, "name": "x", "text": "y"}}"""))
        .isEmpty();
  }

  @Test
  void a_run_is_over_when_it_has_ended() throws JsonProcessingException {
    RunTimeline timeline = timeline("r-1");
    lines(timeline, STATE);
    assertThat(timeline.isOver()).isFalse();

    lines(timeline, """
        {"type": "change", "run": "r-1", "value": {"phase": "completed", "ended": "2026-11-28T10:00:03Z"}}""");

    assertThat(timeline.isOver()).isTrue();
  }

  @Test
  void a_name_that_the_host_does_not_have_names_the_nearest() {
    assertThatThrownBy(() -> lines(timeline("wern"), STATE)).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the host has no agent and no recent run 'wern', did you mean 'wren'?");
  }
}
