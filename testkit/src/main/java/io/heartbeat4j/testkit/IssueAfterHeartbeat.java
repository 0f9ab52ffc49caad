package io.heartbeat4j.testkit;

import io.heartbeat4j.heartbeat.event.HeartbeatEvent;
import io.heartbeat4j.heartbeat.outcome.HeartbeatOutcome;
import io.heartbeat4j.protocol.Interaction;
import io.heartbeat4j.protocol.Issue;
import io.heartbeat4j.protocol.IssueStatus;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The state of an issue on the server after a heartbeat.
 *
 * @param comments the agent's comments on it, oldest first
 * @param interactions the cards on it, including answered ones
 * @param subtasks the issues below it
 * @param timeline the events of the heartbeat's steps, in order
 * @param outcome how the heartbeat ended
 */
public record IssueAfterHeartbeat(
    Issue issue,
    List<String> comments,
    List<Interaction> interactions,
    List<Issue> subtasks,
    List<HeartbeatEvent> timeline,
    HeartbeatOutcome outcome) {

  public IssueAfterHeartbeat {
    comments = List.copyOf(comments);
    interactions = List.copyOf(interactions);
    subtasks = List.copyOf(subtasks);
    timeline = List.copyOf(timeline);
  }

  public IssueStatus status() {
    return issue.status();
  }

  /** The agent's newest comment. */
  public String lastComment() {
    if (comments.isEmpty()) {
      throw new IllegalStateException("the agent has not commented:\n" + this);
    }
    return comments.get(comments.size() - 1);
  }

  /** The lines that the worker passed to {@code reportProgress}. */
  public List<String> progress() {
    return timeline.stream()
        .filter(event -> event.kind() == HeartbeatEvent.Kind.PROGRESS)
        .map(HeartbeatEvent::message)
        .toList();
  }

  /** The timeline as text, for the message of a failed test. */
  @Override
  public String toString() {
    return formatTimeline(timeline) + "= " + outcome.summary();
  }

  static String formatTimeline(List<HeartbeatEvent> timeline) {
    return timeline.stream()
        .map(event -> event.step().number() + " " + event.step().title() + ": " + event.kind() + " "
            + event.message() + "\n")
        .collect(Collectors.joining());
  }
}
