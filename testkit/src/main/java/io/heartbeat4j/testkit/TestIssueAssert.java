package io.heartbeat4j.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.heartbeat4j.client.ProtocolJson;
import io.heartbeat4j.embedded.RecordedRequest;
import io.heartbeat4j.protocol.Blocker;
import io.heartbeat4j.protocol.Interaction;
import io.heartbeat4j.protocol.Issue;
import io.heartbeat4j.protocol.IssueStatus;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractAssert;

/** Assertions about an issue; a failed one shows the issue's comments and the steps and requests of its heartbeats. */
public final class TestIssueAssert extends AbstractAssert<TestIssueAssert, TestIssue> {

  TestIssueAssert(TestIssue actual) {
    super(actual, TestIssueAssert.class);
  }

  public TestIssueAssert isDone() {
    return hasStatus(IssueStatus.DONE);
  }

  public TestIssueAssert isBlocked() {
    return hasStatus(IssueStatus.BLOCKED);
  }

  public TestIssueAssert isInReview() {
    return hasStatus(IssueStatus.IN_REVIEW);
  }

  public TestIssueAssert hasStatus(IssueStatus expected) {
    return check(actual.status().equals(expected), "to be " + expected, actual.status());
  }

  /** One of the agent's comments is exactly this. */
  public TestIssueAssert hasComment(String text) {
    return check(actual.comments().contains(text), "to have the comment \"" + text + "\"", actual.comments());
  }

  public TestIssueAssert hasCommentContaining(String part) {
    return containsPart(actual.comments(), "to have a comment with", part);
  }

  public TestIssueAssert hasComments(int count) {
    return check(actual.comments().size() == count, "to have " + count + " comments", actual.comments());
  }

  public TestIssueAssert hasSubtasks(int count) {
    List<String> titles = actual.subtasks().stream().map(Issue::title).toList();
    return check(titles.size() == count, "to have " + count + " subtasks", titles);
  }

  /** It has a subtask with each of these titles. */
  public TestIssueAssert hasSubtasks(String... titles) {
    List<String> found = actual.subtasks().stream().map(Issue::title).toList();
    return check(found.containsAll(List.of(titles)), "to have the subtasks " + List.of(titles), found);
  }

  /** A card waits for an answer. */
  public TestIssueAssert hasPendingCard() {
    return check(!pendingCards().isEmpty(), "to have a pending card", pendingCards());
  }

  /** A card whose words have this part waits for an answer. */
  public TestIssueAssert hasPendingCardContaining(String part) {
    return containsPart(pendingCards(), "to have a pending card with", part);
  }

  public TestIssueAssert hasNoPendingCard() {
    return check(pendingCards().isEmpty(), "to have no pending card", pendingCards());
  }

  private List<String> pendingCards() {
    return actual.cards().stream().filter(Interaction::isPending).map(card -> String.valueOf(card.payload())).toList();
  }

  /** It waits for these issues, by their titles, and for no other. */
  public TestIssueAssert isBlockedBy(String... titles) {
    List<String> open = actual.issue().blockedBy().stream().filter(blocker -> !blocker.isResolved())
        .map(Blocker::title).map(String::valueOf).sorted().toList();
    return check(open.equals(Stream.of(titles).sorted().toList()), "to be blocked by " + List.of(titles), open);
  }

  /** The server wakes the agent for it between these times. */
  public TestIssueAssert isDueBetween(Instant first, Instant last) {
    Instant due = actual.issue().monitorNextCheckAt();
    return check(due != null && !due.isBefore(first) && !due.isAfter(last),
        "to be taken up again between " + first + " and " + last, String.valueOf(due));
  }

  /** The worker has reported this line of progress in the newest heartbeat. */
  public TestIssueAssert hasProgress(String line) {
    return check(actual.progress().contains(line), "to have the progress \"" + line + "\"", actual.progress());
  }

  public TestIssueAssert hasProgressContaining(String part) {
    return containsPart(actual.progress(), "to have progress with", part);
  }

  /** What its heartbeats have reported to the server as their cost. */
  public TestIssueAssert hasCostCents(long cents) {
    long reported = actual.heartbeats().stream().flatMap(heartbeat -> heartbeat.requests().stream())
        .filter(request -> request.path().endsWith("/cost-events") && request.status() < 300)
        .mapToLong(TestIssueAssert::cents).sum();
    return check(reported == cents, "to have cost " + cents + " cents", reported);
  }

  private static long cents(RecordedRequest request) {
    try {
      return ProtocolJson.mapper().readTree(request.body()).path("costCents").asLong();
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("the server has accepted what is not JSON", impossible);
    }
  }

  private TestIssueAssert containsPart(Collection<String> texts, String expectation, String part) {
    return check(texts.stream().anyMatch(text -> text.contains(part)), expectation + " \"" + part + "\"", texts);
  }

  private TestIssueAssert check(boolean holds, String expectation, Object found) {
    if (!holds) {
      failWithMessage("Expected the issue %s, but found: %s%n%n%s", expectation, found, Objects.toString(actual));
    }
    return this;
  }
}
