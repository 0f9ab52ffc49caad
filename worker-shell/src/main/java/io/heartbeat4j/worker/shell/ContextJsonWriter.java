package io.heartbeat4j.worker.shell;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.heartbeat4j.protocol.Ancestor;
import io.heartbeat4j.protocol.Colleague;
import io.heartbeat4j.protocol.Comment;
import io.heartbeat4j.protocol.Issue;
import io.heartbeat4j.worker.Trigger;
import io.heartbeat4j.worker.WorkContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
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
    text("run", context.run());
    json.writeBooleanField("readOnly", context.isReadOnly());
    if (context.review().isPresent()) {
      json.writeObjectFieldStart("review");
      text("stage", context.review().get().stage());
      text("instructions", context.review().get().request());
      json.writeEndObject();
    }
    json.writeObjectFieldStart("agent");
    text("id", context.self().id());
    text("name", context.self().name());
    text("role", context.self().role());
    text("instructions", context.instructions().orElse(null));
    json.writeEndObject();
    if (context.manager().isPresent()) {
      colleague(context.manager().get());
    }
    issue(context.issue());
    json.writeArrayFieldStart("ancestors");
    for (Ancestor ancestor : context.ancestors()) {
      json.writeStartObject();
      text("id", ancestor.id());
      text("identifier", ancestor.identifier());
      text("title", ancestor.title());
      text("description", ancestor.description());
      text("status", ancestor.status());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("comments");
    for (Comment comment : context.comments()) {
      comment(comment);
    }
    json.writeEndArray();
    trigger(context.trigger());
    json.writeEndObject();
  }

  private void colleague(Colleague manager) throws IOException {
    json.writeObjectFieldStart("manager");
    text("id", manager.id());
    text("name", manager.name());
    text("role", manager.role());
    json.writeEndObject();
  }

  private void issue(Issue issue) throws IOException {
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

  private void comment(Comment comment) throws IOException {
    json.writeStartObject();
    text("id", comment.id());
    text("authorType", comment.authorType());
    text("authorId", comment.authorAgentId() != null ? comment.authorAgentId() : comment.authorUserId());
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
        for (Comment comment : commented.comments()) {
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
      }
      case Trigger.ReviewRequested asked -> text("kind", "review_asked");
      case Trigger.ApprovalDecided approvalDecided -> {
        text("kind", "decided");
        text("approval", approvalDecided.approval().id());
        text("status", approvalDecided.approval().status());
        text("note", approvalDecided.approval().decisionNote());
      }
      case Trigger.Unblocked unblocked -> {
        text("kind", "unblocked");
        text("reason", unblocked.reason());
        json.writeFieldName("subtasks");
        value(unblocked.subtasks());
      }
    }
    json.writeEndObject();
  }

  private void text(String field, @Nullable Object value) throws IOException {
    if (value == null) {
      json.writeNullField(field);
    } else {
      json.writeStringField(field, value.toString());
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
