package io.heartbeat4j.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heartbeat4j.cli.trial.TriedIssue;
import io.heartbeat4j.client.ProtocolJson;
import io.heartbeat4j.heartbeat.event.HeartbeatEvent;
import io.heartbeat4j.heartbeat.event.HeartbeatListener;
import io.heartbeat4j.heartbeat.event.PlainText;
import io.heartbeat4j.heartbeat.outcome.HeartbeatOutcome;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The steps of a tried heartbeat while they happen, and its result. Thread-safe. */
final class TryReport implements HeartbeatListener {

  private static final List<String> ISSUE_FIELDS = List.of("identifier", "title", "status", "priority", "description");

  private final Optional<HeartbeatListener> printer;
  private final List<HeartbeatEvent> steps = new CopyOnWriteArrayList<>();
  private volatile @Nullable HeartbeatOutcome outcome;

  /** @param printer is told of the steps at once */
  TryReport(Optional<HeartbeatListener> printer) {
    this.printer = printer;
  }

  @Override
  public void on(HeartbeatEvent event) {
    steps.add(event);
    printer.ifPresent(each -> each.on(event));
  }

  /** Sets how the heartbeat ended. */
  void end(HeartbeatOutcome how) {
    outcome = how;
  }

  /**
   * Whether the worker's result is on the server as it was meant. A worker that fails settles the issue too, which is
   * all that a server has to know of it, but not what its author wants.
   */
  ExitCode exitCode() {
    boolean failed = steps.stream().anyMatch(step -> step.kind() == HeartbeatEvent.Kind.FAILED
        || step.kind() == HeartbeatEvent.Kind.REFUSED);
    return failed || !(outcome instanceof HeartbeatOutcome.Settled) ? ExitCode.WORK_FAILED : ExitCode.OK;
  }

  private String summary() {
    HeartbeatOutcome how = outcome;
    return how == null ? "" : how.summary();
  }

  String text(TriedIssue tried, String workspace) {
    StringBuilder text = new StringBuilder("= " + summary() + "\n\n");
    text.append(line(tried.issue(), "identifier", "status", "title"));
    tried.comments().forEach(comment -> text.append("comment by ").append(comment.path("authorType").asText())
        .append('\n').append(PlainText.of(comment.path("body").asText()).indent(4)));
    tried.subtasks().forEach(subtask -> text.append("subtask ").append(line(subtask, "identifier", "status", "title")));
    tried.cards().forEach(card -> text.append("card ").append(line(card, "kind", "status", "title")));
    tried.approvals().forEach(approval -> text.append("approval ").append(line(approval, "type", "status")));
    if (!tried.costs().isEmpty()) {
      text.append("cost ").append(tried.totalCost("costCents")).append(" cents, ")
          .append(tried.totalCost("inputTokens")).append(" tokens in, ").append(tried.totalCost("outputTokens"))
          .append(" out\n");
    }
    return text.append("workspace ").append(workspace).append('\n').toString();
  }

  private static String line(JsonNode node, String... fields) {
    StringBuilder line = new StringBuilder();
    for (String field : fields) {
      String value = node.path(field).asText("");
      if (!value.isBlank()) {
        line.append(line.isEmpty() ? "" : " ").append(PlainText.line(value));
      }
    }
    return line.append('\n').toString();
  }

  /** One object on one line. */
  String json(TriedIssue tried, String workspace, ExitCode code) {
    ObjectNode report = ProtocolJson.mapper().createObjectNode();
    report.put("exitCode", code.code()).put("outcome", summary());
    report.set("issue", issue(tried.issue()));
    ArrayNode comments = report.putArray("comments");
    tried.comments().forEach(comment -> comments.addObject().put("author", comment.path("authorType").asText())
        .put("body", comment.path("body").asText()));
    ArrayNode subtasks = report.putArray("subtasks");
    tried.subtasks().forEach(subtask -> subtasks.add(issue(subtask)));
    copy(tried.cards(), report.putArray("cards"), List.of("kind", "status", "title", "payload"));
    copy(tried.approvals(), report.putArray("approvals"), List.of("type", "status", "payload"));
    report.putObject("cost").put("cents", tried.totalCost("costCents"))
        .put("inputTokens", tried.totalCost("inputTokens")).put("outputTokens", tried.totalCost("outputTokens"));
    report.put("workspace", workspace);
    ArrayNode timeline = report.putArray("steps");
    steps.forEach(step -> timeline.add(JsonEventPrinter.json(step)));
    return report.toString();
  }

  private static JsonNode issue(JsonNode whole) {
    return ((ObjectNode) whole).deepCopy().retain(ISSUE_FIELDS);
  }

  private static void copy(List<JsonNode> from, ArrayNode to, List<String> fields) {
    from.forEach(node -> to.add(((ObjectNode) node).deepCopy().retain(fields)));
  }
}
