package io.heartbeat4j.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.client.ProtocolJson;
import io.heartbeat4j.embedded.EmbeddedBoard;
import io.heartbeat4j.heartbeat.event.HeartbeatEvent;
import io.heartbeat4j.protocol.Comment;
import io.heartbeat4j.protocol.Interaction;
import io.heartbeat4j.protocol.Issue;
import io.heartbeat4j.protocol.IssueStatus;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * An issue of a test, and what people do with it. A method that makes the server wake the agent returns when that
 * heartbeat has ended, and fails after 30 seconds. What a method tells of the issue is what the server has now.
 *
 * <p>Not thread-safe.
 */
public final class TestIssue {

  private final TestCompany company;
  private final InProcessHeartbeatRunner runner;
  private final String id;
  private final List<CompletedHeartbeat> heartbeats = new ArrayList<>();

  TestIssue(TestCompany company, InProcessHeartbeatRunner runner, String id) {
    this.company = company;
    this.runner = runner;
    this.id = id;
  }

  /** Assigns the issue to the agent, and waits for its heartbeat. */
  public TestIssue isWorked() {
    return assign().awaitHeartbeat();
  }

  /** Assigns the issue to the agent, and does not wait; {@link #awaitHeartbeat} does. */
  public TestIssue assign() {
    return update(Map.of("assigneeAgentId", company.self().toString(), "status", "todo"));
  }

  /** Comments as a person, which wakes the agent that has the issue. */
  public TestIssue comment(String text) {
    TestCompany.await(board().addComment(id, text));
    return awaitHeartbeat();
  }

  /** Gives the issue to the manager and mentions the agent on it: the worker's context is read-only. */
  public TestIssue mention(String text) {
    return update(Map.of("assigneeAgentId", company.manager().toString(), "status", "todo"))
        .comment("[@Worker](agent://" + company.self() + ") " + text);
  }

  /** Accepts the pending card. */
  public TestIssue accept() {
    TestCompany.await(board().acceptInteraction(id, pendingCard()));
    return awaitHeartbeat();
  }

  /** Rejects the pending card. */
  public TestIssue reject(String reason) {
    TestCompany.await(board().rejectInteraction(id, pendingCard(), reason));
    return awaitHeartbeat();
  }

  /** Answers the questions of the pending card: the chosen option of each, by the questions' ids. */
  public TestIssue answer(Map<String, String> options) {
    List<Map<String, Object>> answers = new ArrayList<>();
    options.forEach((question, option) -> answers.add(Map.of("questionId", question, "optionIds", List.of(option))));
    JsonNode body = ProtocolJson.mapper().valueToTree(Map.of("answers", answers));
    TestCompany.await(board().answerInteraction(id, pendingCard(), body));
    return awaitHeartbeat();
  }

  /** Approves the pending approval that is linked to the issue. */
  public TestIssue approve(String note) {
    return decideApproval("approve", note);
  }

  /** Rejects the pending approval that is linked to the issue. */
  public TestIssue disapprove(String note) {
    return decideApproval("reject", note);
  }

  private TestIssue decideApproval(String decision, String note) {
    String approval = stream(board().approvals(company.id()))
        .filter(each -> each.path("status").asText().equals("pending"))
        .map(each -> each.path("id").asText())
        .filter(each -> stream(board().read("/api/approvals/" + each + "/issues"))
            .anyMatch(linked -> linked.path("id").asText().equals(id)))
        .findFirst().orElseThrow(() -> new AssertionError("no approval of the issue is pending:\n" + this));
    TestCompany.await(board().decideApproval(approval, decision, note));
    return awaitHeartbeat();
  }

  /** Closes all its subtasks, as the agents that have them would, which wakes the agent where it waits for them. */
  public TestIssue completeSubtasks() {
    List<Issue> subtasks = subtasks();
    if (subtasks.isEmpty()) {
      throw new AssertionError("the issue has no subtasks:\n" + this);
    }
    subtasks.forEach(
        subtask -> TestCompany.await(board().updateIssue(subtask.id().toString(), Map.of("status", "done"))));
    return awaitHeartbeat();
  }

  /** Changes fields of the issue as a person; waits for nothing. */
  public TestIssue update(Map<String, ?> fields) {
    TestCompany.await(board().updateIssue(id, fields));
    return this;
  }

  /** Waits for the next heartbeat, after the test itself made the server start it. */
  public TestIssue awaitHeartbeat() {
    InProcessHeartbeatRunner.End end;
    try {
      end = runner.completed(id).poll(TestCompany.TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the agent worked", interrupted);
    }
    if (end == null) {
      throw new AssertionError(
          "no heartbeat of this issue ended within " + TestCompany.TIMEOUT.toSeconds() + " s:\n" + this);
    }
    heartbeats.add(end.get());
    return this;
  }

  /** The issue on the server. */
  public Issue issue() {
    return read(Issue.class, TestCompany.await(board().readIssue(id)));
  }

  public IssueStatus status() {
    return issue().status();
  }

  /** The agent's comments on it, oldest first. */
  public List<String> comments() {
    return all(Comment.class, board().comments(id)).stream()
        .filter(comment -> comment.isBy(company.self()))
        .map(Comment::body)
        .toList();
  }

  /** The agent's newest comment. */
  public String lastComment() {
    List<String> comments = comments();
    if (comments.isEmpty()) {
      throw new AssertionError("the agent has not commented:\n" + this);
    }
    return comments.get(comments.size() - 1);
  }

  /** The cards on it, including answered ones. */
  public List<Interaction> cards() {
    return all(Interaction.class, board().interactions(id));
  }

  /** The issues below it. */
  public List<Issue> subtasks() {
    return all(Issue.class, board().read("/api/companies/" + company.id() + "/issues?parentId=" + id));
  }

  /** The text of a document on it. */
  public String documentText(String key) {
    return TestCompany.await(board().read("/api/issues/" + id + "/documents/" + key)).path("body").asText();
  }

  /** Its heartbeats that were waited for, oldest first. */
  public List<CompletedHeartbeat> heartbeats() {
    return List.copyOf(heartbeats);
  }

  /** The events of the newest heartbeat's steps, in order. */
  public List<HeartbeatEvent> timeline() {
    return heartbeats.get(heartbeats.size() - 1).timeline();
  }

  /** The lines that the worker passed to {@code reportProgress} in the newest heartbeat. */
  public List<String> progress() {
    return timeline().stream()
        .filter(event -> event.kind() == HeartbeatEvent.Kind.PROGRESS)
        .map(HeartbeatEvent::message)
        .toList();
  }

  /** The work of its heartbeat that has not ended. */
  RunningWork runningWork() {
    return runner.running(id).orElseThrow(() -> new AssertionError("the issue is not worked:\n" + this));
  }

  private String pendingCard() {
    return cards().stream().filter(Interaction::isPending).findFirst()
        .orElseThrow(() -> new AssertionError("no card is pending on the issue:\n" + this)).id().toString();
  }

  private EmbeddedBoard board() {
    return company.board();
  }

  private static <T> List<T> all(Class<T> type, Future<JsonNode> answer) {
    return stream(answer).map(item -> read(type, item)).toList();
  }

  private static Stream<JsonNode> stream(Future<JsonNode> answer) {
    return StreamSupport.stream(TestCompany.await(answer).spliterator(), false);
  }

  private static <T> T read(Class<T> type, JsonNode json) {
    return ProtocolJson.mapper().convertValue(json, type);
  }

  /** Status, comments and heartbeats as text, for the message of a failed test. */
  @Override
  public String toString() {
    Issue issue = issue();
    return issue.label() + " \"" + issue.title() + "\" is " + issue.status() + "\n"
        + comments().stream().map(comment -> "comment: " + comment + "\n").collect(Collectors.joining())
        + cards().stream().map(card -> "card: " + card.kind() + " (" + card.status() + ")\n")
            .collect(Collectors.joining())
        + heartbeats.stream().map(CompletedHeartbeat::toString).collect(Collectors.joining());
  }
}
