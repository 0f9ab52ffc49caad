package io.heartbeat4j.worker.shell;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.heartbeat4j.worker.AgentView;
import io.heartbeat4j.worker.CommentView;
import io.heartbeat4j.worker.IssueView;
import io.heartbeat4j.worker.RelatedIssue;
import io.heartbeat4j.worker.Trigger;
import io.heartbeat4j.worker.WorkContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes the issue as the JSON that a command reads; the shape is documented in docs/worker-shell.md. */
final class ContextJsonWriter {

  private final JsonGenerator json;

  private ContextJsonWriter(JsonGenerator json) {
    this.json = json;
  }

  static byte[] serialize(WorkContext context) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = new JsonFactory().createGenerator(bytes)) {
      new ContextJsonWriter(json).write(context);
    }
    return bytes.toByteArray();
  }

  private void write(WorkContext context) throws IOException {
    json.writeStartObject();
    text("run", context.run().id());
    json.writeBooleanField("readOnly", context.isReadOnly());
    if (context.review().isPresent()) {
      json.writeObjectFieldStart("review");
      text("stage", context.review().get().stage());
      text("instructions", context.review().get().instructions());
      json.writeEndObject();
    }
    json.writeObjectFieldStart("agent");
    text("id", context.company().self().id());
    text("name", context.company().self().name());
    text("role", context.company().self().role());
    text("instructions", context.company().instructions());
    json.writeEndObject();
    if (context.company().manager().isPresent()) {
      manager(context.company().manager().get());
    }
    issue(context.issue());
    json.writeArrayFieldStart("ancestors");
    for (RelatedIssue ancestor : context.issue().ancestors()) {
      related(ancestor, "description");
    }
    json.writeEndArray();
    json.writeArrayFieldStart("comments");
    for (CommentView comment : context.thread().comments()) {
      comment(comment);
    }
    json.writeEndArray();
    trigger(context.thread().trigger());
    json.writeEndObject();
  }

  private void manager(AgentView manager) throws IOException {
    json.writeObjectFieldStart("manager");
    text("id", manager.id());
    text("name", manager.name());
    text("role", manager.role());
    json.writeEndObject();
  }

  private void issue(IssueView issue) throws IOException {
    json.writeObjectFieldStart("issue");
    text("id", issue.id());
    text("identifier", issue.identifier());
    text("title", issue.title());
    text("description", issue.description());
    text("status", issue.status());
    text("priority", issue.priority());
    text("parentId", issue.parentId());
    text("goalId", issue.goalId());
    text("projectId", issue.projectId());
    json.writeEndObject();
  }

  private void related(RelatedIssue issue, String textField) throws IOException {
    json.writeStartObject();
    text("id", issue.id());
    text("identifier", issue.identifier());
    text("title", issue.title());
    text(textField, issue.text());
    text("status", issue.status());
    json.writeEndObject();
  }

  private void comment(CommentView comment) throws IOException {
    json.writeStartObject();
    text("id", comment.id());
    text("authorType", comment.author().kind().name().toLowerCase(Locale.ROOT));
    text("authorId", comment.author().id());
    text("body", comment.body());
    text("createdAt", comment.createdAt());
    json.writeEndObject();
  }

  private void trigger(Trigger trigger) throws IOException {
    json.writeObjectFieldStart("trigger");
    switch (trigger) {
      case Trigger.Assigned assigned -> {
        text("kind", "assigned");
        text("reason", assigned.reason());
      }
      case Trigger.Commented commented -> {
        text("kind", "commented");
        json.writeArrayFieldStart("comments");
        for (CommentView comment : commented.comments()) {
          comment(comment);
        }
        json.writeEndArray();
      }
      case Trigger.InteractionAnswered interactionAnswered -> {
        text("kind", "answered");
        text("card", interactionAnswered.kind());
        text("status", interactionAnswered.status());
        json.writeFieldName("result");
        value(interactionAnswered.result());
        text("words", interactionAnswered.words());
      }
      case Trigger.ReviewRequested asked -> text("kind", "review_asked");
      case Trigger.ApprovalDecided approvalDecided -> {
        text("kind", "decided");
        text("approval", approvalDecided.approval());
        text("status", approvalDecided.status());
        text("note", approvalDecided.note());
      }
      case Trigger.Unblocked unblocked -> {
        text("kind", "unblocked");
        text("reason", unblocked.reason());
        json.writeArrayFieldStart("subtasks");
        for (RelatedIssue subtask : unblocked.subtasks()) {
          related(subtask, "summary");
        }
        json.writeEndArray();
      }
    }
    json.writeEndObject();
  }

  private void text(String field, Object value) throws IOException {
    json.writeStringField(field, value.toString());
  }

  private void text(String field, Optional<?> value) throws IOException {
    if (value.isPresent()) {
      text(field, value.get());
    } else {
      json.writeNullField(field);
    }
  }

  private void value(@Nullable Object value) throws IOException {
    switch (value) {
      case null -> json.writeNull();
      case Map<?, ?> map -> {
        json.writeStartObject();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          json.writeFieldName(String.valueOf(entry.getKey()));
          value(entry.getValue());
        }
        json.writeEndObject();
      }
      case List<?> list -> {
        json.writeStartArray();
        for (Object item : list) {
          value(item);
        }
        json.writeEndArray();
      }
      case Boolean flag -> json.writeBoolean(flag);
      case Integer number -> json.writeNumber(number);
      case Long number -> json.writeNumber(number);
      case Number number -> json.writeNumber(number.toString());
      default -> json.writeString(value.toString());
    }
  }
}
