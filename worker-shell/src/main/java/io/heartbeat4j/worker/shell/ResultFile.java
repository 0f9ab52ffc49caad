package io.heartbeat4j.worker.shell;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.ApprovalId;
import io.heartbeat4j.protocol.Colleague;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.Priority;
import io.heartbeat4j.protocol.UserId;
import io.heartbeat4j.worker.Delegation;
import io.heartbeat4j.worker.Question;
import io.heartbeat4j.worker.ReviewPath.WhenApproved;
import io.heartbeat4j.worker.ReviewPath;
import io.heartbeat4j.worker.Unblock;
import io.heartbeat4j.worker.Usage;
import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.WorkResult;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Reads the result that a command wrote; the shape is documented in docs/worker-shell.md. */
final class ResultFile {

  private static final long MOST_BYTES = 4L * 1024 * 1024;
  private static final int QUOTED = 1_000;

  private final WorkContext context;

  private ResultFile(WorkContext context) {
    this.context = context;
  }

  /**
   * Reads the result, and tells the context what was used.
   *
   * @throws CommandFailed naming what is wrong with the file; the text of a failed result would be lost otherwise, so it
   *     is quoted
   */
  static WorkResult read(String json, WorkContext context) {
    try {
      Object value = JsonValues.read(json);
      Fields file = Fields.of(value, "the result file");
      WorkResult result = new ResultFile(context).result(file);
      file.noMore();
      return result;
    } catch (JsonEOFException cut) {
      throw unusable(json, "it ends too early");
    } catch (JsonProcessingException notJson) {
      throw unusable(json, "it is not JSON: " + notJson.getOriginalMessage());
    } catch (IOException | RuntimeException wrong) {
      throw unusable(json, String.valueOf(wrong.getMessage()));
    }
  }

  /** @throws CommandFailed if the file is too large or can't be read, or what it says can't be used */
  static WorkResult read(Path file, WorkContext context) {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new CommandFailed("the command's result file can't be used: it is larger than " + MOST_BYTES + " bytes");
      }
      return read(new String(Files.readAllBytes(file), StandardCharsets.UTF_8), context);
    } catch (IOException unreadable) {
      throw new CommandFailed("the command's result file can't be read: " + unreadable);
    }
  }

  private static CommandFailed unusable(String json, String why) {
    int end = json.length() <= QUOTED ? json.length() : Math.max(0, json.lastIndexOf(' ', QUOTED));
    String quoted = json.substring(0, end) + (end < json.length() ? "..." : "");
    return new CommandFailed("the command's result file can't be used: " + why + ". It says:\n\n```\n"
        + quoted.replace("```", "'''") + "\n```");
  }

  private WorkResult result(Fields file) {
    for (Fields usage : file.objects("usage")) {
      context.used(usage(usage));
    }
    List<Delegation> delegations = new ArrayList<>();
    for (Fields delegation : file.objects("delegations")) {
      delegations.add(delegation(delegation));
    }
    String kind = file.text("result");
    if (!delegations.isEmpty() && List.of("reply", "nothing", "request_changes").contains(kind)) {
      throw new IllegalArgumentException("a " + kind + " has no delegations");
    }
    return switch (kind) {
      case "done" -> new WorkResult.Done(file.text("summary"), delegations);
      case "request_changes" -> new WorkResult.ChangesRequested(file.text("comment"));
      case "needs_review" -> new WorkResult.NeedsReview(file.text("summary"), review(file.object("review")), delegations);
      case "blocked" -> new WorkResult.Blocked(file.text("reason"), unblock(file.object("unblock")), delegations);
      case "later" -> new WorkResult.Later(at(file), file.text("reason"), delegations);
      case "reply" -> new WorkResult.Reply(file.text("text"));
      case "nothing" -> new WorkResult.Nothing();
      default -> throw new IllegalArgumentException("'" + kind
          + "' is not a result: done, request_changes, needs_review, blocked, later, reply or nothing");
    };
  }

  private static ReviewPath review(Fields review) {
    ReviewPath path = review.has("card") ? new ReviewPath.Card(question(review.object("card")))
        : review.has("approval") ? approval(review.object("approval"))
        : review.has("person") ? new ReviewPath.Person(new UserId(review.text("person")))
        : review.oneOf("card", "approval", "person");
    review.noMore();
    return path;
  }

  private static ReviewPath approval(Fields approval) {
    WhenApproved then = switch (approval.text("then", "continue")) {
      case "close" -> WhenApproved.CLOSE;
      case "continue" -> WhenApproved.CONTINUE;
      default -> approval.oneOf("then: close", "then: continue");
    };
    ReviewPath path = approval.has("id")
        ? new ReviewPath.PendingApproval(ApprovalId.of(approval.text("id")), then)
        : new ReviewPath.BoardApproval(approval.text("title"), approval.text("summary"), then);
    approval.noMore();
    return path;
  }

  private static Unblock unblock(Fields unblock) {
    Unblock path;
    if (unblock.has("issues")) {
      path = new Unblock.ByIssues(unblock.texts("issues").stream().map(IssueId::of).toList());
    } else if (unblock.has("subtasks")) {
      path = unblock.flag("subtasks") ? new Unblock.BySubtasks() : unblock.oneOf("subtasks: true", "another way");
    } else if (unblock.has("question")) {
      path = new Unblock.ByQuestion(question(unblock.object("question")));
    } else if (unblock.has("manager")) {
      Fields manager = unblock.object("manager");
      path = new Unblock.ByManager(manager.text("title"), manager.text("request"));
      manager.noMore();
    } else {
      path = unblock.has("self")
          ? new Unblock.BySelf(unblock.text("self"))
          : unblock.oneOf("issues", "subtasks", "question", "manager", "self");
    }
    unblock.noMore();
    return path;
  }

  private static Question question(Fields card) {
    String title = card.text("title", "");
    String heading = title.isBlank() ? null : title;
    Question question;
    if (card.has("questions")) {
      List<Question.Choice> choices = new ArrayList<>();
      for (Fields each : card.objects("questions")) {
        List<Question.Option> options = new ArrayList<>();
        for (Fields option : each.objects("options")) {
          options.add(new Question.Option(option.text("id"), option.text("label")));
          option.noMore();
        }
        choices.add(new Question.Choice(each.text("id"), each.text("prompt"), each.flag("several"), options));
        each.noMore();
      }
      question = new Question.Choices(heading, choices);
    } else {
      question = new Question.Confirmation(heading, card.text("prompt"));
    }
    card.noMore();
    return question;
  }

  private static Instant at(Fields file) {
    try {
      return file.has("in") ? Instant.now().plus(Duration.parse(file.text("in"))) : Instant.parse(file.text("at"));
    } catch (DateTimeException wrong) {
      throw new IllegalArgumentException("'in' is a duration such as PT1H, 'at' a time such as 2026-01-31T08:00:00Z", wrong);
    }
  }

  private Delegation delegation(Fields file) {
    String assignee = file.text("assignee", "");
    String description = file.text("description", "");
    String priority = file.text("priority", "");
    Delegation delegation = new Delegation(
        file.text("title"),
        description.isBlank() ? null : description,
        assignee.isBlank() ? null : agent(assignee),
        priority.isBlank() ? null : new Priority(priority));
    file.noMore();
    return delegation;
  }

  /** An agent by id, or a report by name. */
  private AgentId agent(String named) {
    if (named.length() == 36 && named.charAt(8) == '-') {
      return AgentId.of(named);
    }
    List<Colleague> reports = context.reports();
    return reports.stream()
        .filter(report -> report.name().equalsIgnoreCase(named))
        .findFirst()
        .map(Colleague::id)
        .orElseThrow(() -> new IllegalArgumentException("there is no report named '" + named + "'; the reports are: "
            + String.join(", ", reports.stream().map(Colleague::name).toList())));
  }

  private static Usage usage(Fields file) {
    Usage usage = new Usage(
        file.text("provider"), file.text("model"), file.number("inputTokens").longValueExact(),
        file.number("cachedInputTokens").longValueExact(), file.number("outputTokens").longValueExact(),
        file.has("costUsd") ? file.number("costUsd") : BigDecimal.ZERO);
    file.noMore();
    return usage;
  }
}
