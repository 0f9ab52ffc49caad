package io.heartbeat4j.worker.agent;

import io.heartbeat4j.worker.AgentView;
import io.heartbeat4j.worker.CommentView;
import io.heartbeat4j.worker.IssueView;
import io.heartbeat4j.worker.RelatedIssue;
import io.heartbeat4j.worker.Trigger;
import io.heartbeat4j.worker.WorkContext;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Builds the prompts: role and procedure in the system prompt, the issue and its thread as untrusted data. */
public final class PromptBuilder {

  private final WorkContext context;
  private final UntrustedTextMarker untrustedTextMarker;
  private final Procedures procedures;

  public PromptBuilder(WorkContext context, UntrustedTextMarker untrustedTextMarker, Procedures procedures) {
    this.context = context;
    this.untrustedTextMarker = untrustedTextMarker;
    this.procedures = procedures;
  }

  /**
   * How the model works and ends its work, in the words of a worker and its tools.
   *
   * @param work on the agent's own issue
   * @param mention on somebody else's issue, where there is one reply or none
   * @param review of what somebody else did
   */
  public record Procedures(String work, String mention, String review) {}

  /** The same for every call on the issue, so that a provider can keep it in its cache. */
  public String systemPrompt(String instructions, List<AgentView> reports) {
    AgentView self = context.company().self();
    StringBuilder text = new StringBuilder("You are ").append(self.name());
    self.title().or(self::role).ifPresent(position -> text.append(", ").append(position));
    text.append(", an agent of a company that plans its work as issues in Paperclip.");
    context.company().manager()
        .ifPresent(manager -> text.append(" Your manager is ").append(manager.name()).append('.'));
    if (!reports.isEmpty()) {
      text.append(" Your reports: ")
          .append(reports.stream().map(PromptBuilder::named).collect(Collectors.joining(", "))).append('.');
    }
    text.append("\n\n").append(procedure())
        .append("\n\n").append(untrustedTextMarker.explanation());
    if (!instructions.isBlank()) {
      text.append("\n\n# Instructions of your operator\n\n").append(context.run().redact(instructions.strip()));
    }
    context.issue().goalTitle()
        .ifPresent(goal -> text.append("\n\n# What it is for\n\n").append(untrustedTextMarker.mark("the goal", goal)));
    if (!context.issue().ancestors().isEmpty()) {
      text.append("\n\n# The issues above this one, nearest first\n\n").append(context.issue().ancestors().stream()
          .map(this::related).collect(Collectors.joining("\n")));
    }
    return text.toString();
  }

  private String procedure() {
    return context.isReadOnly() ? procedures.mention()
        : context.review().isPresent() ? procedures.review() : procedures.work();
  }

  private static String named(AgentView colleague) {
    return colleague.name() + colleague.role().map(role -> " (" + role + ")").orElse("");
  }

  private String related(RelatedIssue issue) {
    return untrustedTextMarker.mark("issue " + issue.label(), titleAndText(issue.title(), issue.text()));
  }

  private String subtask(RelatedIssue issue) {
    return untrustedTextMarker.mark("subtask " + issue.label() + issue.status().map(s -> ", " + s).orElse(""),
        titleAndText(issue.title(), issue.text()));
  }

  private static String titleAndText(String title, String text) {
    return text.isEmpty() ? title : title + "\n\n" + text;
  }

  /** The issue, the whole thread and why it is taken up. */
  public String firstMessage() {
    IssueView issue = context.issue();
    return "# The issue\n\n"
        + untrustedTextMarker.mark("issue " + issue.label() + ", by " + creator(issue),
            titleAndText(issue.title(), issue.description()))
        + thread("\n\n# The comments so far, oldest first", comment -> true)
        + "\n\n# Why now\n\n" + trigger();
  }

  /** The first message of a thread that takes the place of another. */
  public String restartMessage(String summary) {
    return firstMessage()
        + "\n\n# What was done so far\n\nYou have worked on the issue before, in a thread that can't be"
        + " gone on with. Look at the workspace before you do anything again.\n\n"
        + untrustedTextMarker.mark("what came of the earlier thread", summary);
  }

  /**
   * What has changed since the last heartbeat, in one block.
   *
   * @param before the issue as it was told then
   */
  public String resumeMessage(Optional<IssueSnapshot> before, IssueSnapshot now, Predicate<CommentView> isNew) {
    String changes = before.map(told -> changes(told, now)).orElse("")
        + thread("\n\nNew comments, oldest first:", isNew);
    return "You are back on the issue.\n\n# What has changed since your last turn"
        + (changes.isEmpty() ? "\n\nNothing on the issue itself." : changes) + "\n\n# Why now\n\n" + trigger()
        + "\n\nThe workspace may have changed meanwhile.";
  }

  private String changes(IssueSnapshot before, IssueSnapshot now) {
    return change("Its title", before.title(), now.title())
        + change("Its description", before.description(), now.description())
        + change("What it waits for", String.join("\n", before.blockers()), String.join("\n", now.blockers()))
        + change("The list of its subtasks", String.join("\n", before.subtasks()), String.join("\n", now.subtasks()));
  }

  private String change(String what, String before, String now) {
    return before.equals(now) ? ""
        : "\n\n" + what + " was changed, and is now:\n"
            + untrustedTextMarker.mark(what.toLowerCase(Locale.ROOT), now.isBlank() ? "(nothing)" : now);
  }

  private String thread(String title, Predicate<CommentView> which) {
    List<String> comments = context.thread().comments().stream().filter(which)
        .map(comment -> untrustedTextMarker.mark("comment by " + author(comment), comment.body()))
        .toList();
    return comments.isEmpty() ? "" : title + "\n\n" + String.join("\n", comments);
  }

  private static String creator(IssueView issue) {
    return switch (issue.creator()) {
      case USER -> "a person";
      case AGENT -> "an agent";
      case SYSTEM -> "the server";
    };
  }

  private String author(CommentView comment) {
    if (comment.isBy(context.company().self().id())) {
      return "yourself";
    }
    return comment.isByPerson() ? "a person, of the board"
        : comment.isBySystem() ? "the server"
            : "an agent, " + context.company().manager().filter(manager -> comment.isBy(manager.id()))
                .map(manager -> "your manager " + manager.name()).orElse("a colleague");
  }

  private String trigger() {
    return switch (context.thread().trigger()) {
      case Trigger.Assigned assigned -> "The issue is yours"
          + assigned.reason().map(reason -> " (" + reason.wire() + ")").orElse("") + ".";
      case Trigger.Commented commented -> "Somebody commented. The newest comment:\n"
          + untrustedTextMarker.mark("comment by " + author(commented.latest()), commented.latest().body());
      case Trigger.InteractionAnswered interactionAnswered ->
        "Your card (" + interactionAnswered.kind() + ") was " + interactionAnswered.status() + ":\n"
            + untrustedTextMarker.mark("card and answer", Stream.of(interactionAnswered.words(),
                interactionAnswered.result().toString()).filter(words -> !words.isBlank()).findFirst().orElse(""));
      case Trigger.ReviewRequested asked ->
        "The work on the issue waits for your verdict." + asked.review().instructions()
            .map(words -> "\n" + untrustedTextMarker.mark("what to look at", words)).orElse("");
      case Trigger.ApprovalDecided approvalDecided ->
        "The board decided on an approval: " + approvalDecided.status() + ".\n"
            + untrustedTextMarker.mark("the board's note", approvalDecided.note().orElse("(none)"));
      case Trigger.Unblocked unblocked -> "What the issue waited for is done (" + unblocked.reason() + ").\n"
          + unblocked.subtasks().stream().map(this::subtask).collect(Collectors.joining("\n"));
    };
  }
}
