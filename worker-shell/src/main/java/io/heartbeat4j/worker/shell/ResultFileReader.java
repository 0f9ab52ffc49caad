package io.heartbeat4j.worker.shell;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.ApprovalId;
import io.heartbeat4j.worker.AgentView;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.Priority;
import io.heartbeat4j.protocol.UserId;
import io.heartbeat4j.worker.Delegation;
import io.heartbeat4j.worker.ProviderUsage;
import io.heartbeat4j.worker.Question;
import io.heartbeat4j.worker.ReviewPath;
import io.heartbeat4j.worker.ReviewPath.WhenApproved;
import io.heartbeat4j.worker.UnblockCondition;
import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.WorkResult;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the result that a command wrote; the shape is documented in docs/worker-shell.md. */
final class ResultFileReader {

  private static final int MOST_BYTES = 4 * 1024 * 1024;
  private static final int QUOTED = 1_000;

  private final WorkContext context;

  private ResultFileReader(WorkContext context) {
    this.context = context;
  }

  /**
   * Reads the result, and tells the context what was used.
   *
   * @throws CommandFailedException naming what is wrong with the file; the text of a failed result would be lost
   *     otherwise, so it is quoted
   */
  static WorkResult read(String json, WorkContext context) {
    try {
      Object value = JsonTreeParser.parse(json);
      StrictJsonObject file = StrictJsonObject.of(value, "the result file");
      WorkResult result = new ResultFileReader(context).result(file);
      file.rejectUnknownFields();
      return result;
    } catch (JsonEOFException cut) {
      throw unusable(json, "it ends too early");
    } catch (JsonProcessingException notJson) {
      throw unusable(json, "it is not JSON: " + notJson.getOriginalMessage());
    } catch (IOException | RuntimeException wrong) {
      throw unusable(json, String.valueOf(wrong.getMessage()));
    }
  }

  /**
   * Reads the result from the file itself: what a link leads to is not the command's, and a pipe would never end.
   *
   * @return empty where there is no file, or an empty one
   * @throws CommandFailedException if it is no plain file, too large or can't be read, or what it says can't be used
   */
  static Optional<WorkResult> read(Path file, WorkContext context) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class,
          LinkOption.NOFOLLOW_LINKS);
      if (!attributes.isRegularFile()) {
        throw new CommandFailedException("the command's result file can't be used: it is "
            + (attributes.isSymbolicLink() ? "a symbolic link"
                : attributes.isDirectory() ? "a directory" : "a pipe or a device")
            + ", not a plain file");
      }
      byte[] bytes;
      try (SeekableByteChannel channel = Files.newByteChannel(file,
          Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
        bytes = Channels.newInputStream(channel).readNBytes(MOST_BYTES + 1);
      }
      if (bytes.length > MOST_BYTES) {
        throw new CommandFailedException(
            "the command's result file can't be used: it is larger than " + MOST_BYTES + " bytes");
      }
      return bytes.length == 0 ? Optional.empty()
          : Optional.of(read(new String(bytes, StandardCharsets.UTF_8), context));
    } catch (NoSuchFileException none) {
      return Optional.empty();
    } catch (IOException unreadable) {
      throw new CommandFailedException("the command's result file can't be read: " + unreadable);
    }
  }

  private static CommandFailedException unusable(String json, String why) {
    int end = json.length() <= QUOTED ? json.length() : Math.max(0, json.lastIndexOf(' ', QUOTED));
    String quoted = json.substring(0, end) + (end < json.length() ? "..." : "");
    return new CommandFailedException("the command's result file can't be used: " + why + ". It says:\n\n```\n"
        + quoted.replace("```", "'''") + "\n```");
  }

  private WorkResult result(StrictJsonObject file) {
    for (StrictJsonObject usage : file.objects("usage")) {
      context.usage().report(usage(usage));
    }
    List<Delegation> delegations = new ArrayList<>();
    for (StrictJsonObject delegation : file.objects("delegations")) {
      delegations.add(delegation(delegation));
    }
    String kind = file.text("result");
    if (!delegations.isEmpty() && List.of("reply", "nothing", "request_changes").contains(kind)) {
      throw new IllegalArgumentException("a " + kind + " has no delegations");
    }
    return switch (kind) {
      case "done" -> new WorkResult.Done(file.text("summary"), delegations);
      case "request_changes" -> new WorkResult.ChangesRequested(file.text("comment"));
      case "needs_review" ->
        new WorkResult.NeedsReview(file.text("summary"), review(file.object("review")), delegations);
      case "blocked" -> new WorkResult.Blocked(file.text("reason"), unblock(file.object("unblock")), delegations);
      case "later" -> new WorkResult.Later(resumeTime(file), file.text("reason"), delegations);
      case "reply" -> new WorkResult.Reply(file.text("text"));
      case "nothing" -> new WorkResult.Nothing();
      default -> throw new IllegalArgumentException("'" + kind
          + "' is not a result: done, request_changes, needs_review, blocked, later, reply or nothing");
    };
  }

  private static ReviewPath review(StrictJsonObject review) {
    ReviewPath path;
    if (review.has("card")) {
      path = new ReviewPath.Card(question(review.object("card")));
    } else if (review.has("approval")) {
      path = approval(review.object("approval"));
    } else if (review.has("person")) {
      path = new ReviewPath.Person(new UserId(review.text("person")));
    } else {
      throw review.missingOneOf("card", "approval", "person");
    }
    review.rejectUnknownFields();
    return path;
  }

  private static ReviewPath approval(StrictJsonObject approval) {
    WhenApproved then = switch (approval.text("then", "continue")) {
      case "close" -> WhenApproved.CLOSE;
      case "continue" -> WhenApproved.CONTINUE;
      default -> throw approval.missingOneOf("then: close", "then: continue");
    };
    ReviewPath path = approval.has("id")
        ? new ReviewPath.PendingApproval(ApprovalId.of(approval.text("id")), then)
        : new ReviewPath.BoardApproval(approval.text("title"), approval.text("summary"), then);
    approval.rejectUnknownFields();
    return path;
  }

  private static UnblockCondition unblock(StrictJsonObject unblock) {
    UnblockCondition path;
    if (unblock.has("issues")) {
      path = new UnblockCondition.ByIssues(unblock.texts("issues").stream().map(IssueId::of).toList());
    } else if (unblock.has("subtasks")) {
      if (!unblock.flag("subtasks")) {
        throw unblock.missingOneOf("subtasks: true", "another way");
      }
      path = new UnblockCondition.BySubtasks();
    } else if (unblock.has("question")) {
      path = new UnblockCondition.ByQuestion(question(unblock.object("question")));
    } else if (unblock.has("manager")) {
      StrictJsonObject manager = unblock.object("manager");
      path = new UnblockCondition.ByManager(manager.text("title"), manager.text("request"));
      manager.rejectUnknownFields();
    } else if (unblock.has("self")) {
      path = new UnblockCondition.BySelf(unblock.text("self"));
    } else {
      throw unblock.missingOneOf("issues", "subtasks", "question", "manager", "self");
    }
    unblock.rejectUnknownFields();
    return path;
  }

  private static Question question(StrictJsonObject card) {
    Optional<String> title = nonBlank(card, "title");
    Question question;
    if (card.has("questions")) {
      List<Question.Choice> choices = new ArrayList<>();
      for (StrictJsonObject each : card.objects("questions")) {
        List<Question.Option> options = new ArrayList<>();
        for (StrictJsonObject option : each.objects("options")) {
          options.add(new Question.Option(option.text("id"), option.text("label")));
          option.rejectUnknownFields();
        }
        choices.add(new Question.Choice(each.text("id"), each.text("prompt"), each.flag("several"), options));
        each.rejectUnknownFields();
      }
      question = new Question.Choices(title, choices);
    } else {
      question = new Question.Confirmation(title, card.text("prompt"));
    }
    card.rejectUnknownFields();
    return question;
  }

  private static Instant resumeTime(StrictJsonObject file) {
    try {
      return file.has("in") ? Instant.now().plus(Duration.parse(file.text("in"))) : Instant.parse(file.text("at"));
    } catch (DateTimeException | ArithmeticException wrong) {
      throw new IllegalArgumentException("'in' is a duration such as PT1H, 'at' a time such as 2026-01-31T08:00:00Z",
          wrong);
    }
  }

  private Delegation delegation(StrictJsonObject file) {
    Delegation delegation = new Delegation(
        file.text("title"),
        nonBlank(file, "description"),
        nonBlank(file, "assignee").map(this::agent),
        nonBlank(file, "priority").map(Priority::new));
    file.rejectUnknownFields();
    return delegation;
  }

  private static Optional<String> nonBlank(StrictJsonObject json, String field) {
    return Optional.of(json.text(field, "")).filter(text -> !text.isBlank());
  }

  /** An agent by id, or a report by name. */
  private AgentId agent(String named) {
    if (named.length() == 36 && named.charAt(8) == '-') {
      return AgentId.of(named);
    }
    List<AgentView> reports = context.company().reports();
    return reports.stream()
        .filter(report -> report.name().equalsIgnoreCase(named))
        .findFirst()
        .map(AgentView::id)
        .orElseThrow(() -> new IllegalArgumentException("there is no report named '" + named + "'; the reports are: "
            + String.join(", ", reports.stream().map(AgentView::name).toList())));
  }

  private static ProviderUsage usage(StrictJsonObject file) {
    ProviderUsage providerUsage = new ProviderUsage(
        file.text("provider"), file.text("model"), file.number("inputTokens").longValueExact(),
        file.number("cachedInputTokens").longValueExact(), file.number("outputTokens").longValueExact(),
        file.has("costUsd") ? file.number("costUsd") : BigDecimal.ZERO);
    file.rejectUnknownFields();
    return providerUsage;
  }
}
