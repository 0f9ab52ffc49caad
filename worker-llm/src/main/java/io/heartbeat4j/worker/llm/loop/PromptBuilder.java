package io.heartbeat4j.worker.llm.loop;

import io.heartbeat4j.protocol.Agent;
import io.heartbeat4j.protocol.Ancestor;
import io.heartbeat4j.protocol.Colleague;
import io.heartbeat4j.protocol.Comment;
import io.heartbeat4j.protocol.Issue;
import io.heartbeat4j.worker.Trigger;
import io.heartbeat4j.worker.WorkContext;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Builds the prompts: role and procedure in the system prompt, the issue and its thread as untrusted data. */
final class PromptBuilder {

  private final WorkContext context;
  private final UntrustedTextMarker untrustedTextMarker;

  PromptBuilder(WorkContext context, UntrustedTextMarker untrustedTextMarker) {
    this.context = context;
    this.untrustedTextMarker = untrustedTextMarker;
  }

  /** The same for every call on the issue, so that a provider can keep it in its cache. */
  String systemPrompt(String instructions, List<Colleague> reports) {
    Agent self = context.self();
    StringBuilder text = new StringBuilder("You are ").append(self.name());
    if (self.title() != null || self.role() != null) {
      text.append(", ").append(self.title() == null ? self.role() : self.title());
    }
    text.append(", an agent of a company that plans its work as issues in Paperclip.");
    context.manager().ifPresent(manager -> text.append(" Your manager is ").append(manager.name()).append('.'));
    if (!reports.isEmpty()) {
      text.append(" Your reports: ")
          .append(reports.stream().map(PromptBuilder::named).collect(Collectors.joining(", "))).append('.');
    }
    text.append("\n\n").append(context.isReadOnly() ? MENTION : context.review().isPresent() ? REVIEW : WORK)
        .append("\n\n").append(untrustedTextMarker.explanation());
    if (!instructions.isBlank()) {
      text.append("\n\n# Instructions of your operator\n\n").append(context.redact(instructions.strip()));
    }
    context.goalTitle()
        .ifPresent(goal -> text.append("\n\n# What it is for\n\n").append(untrustedTextMarker.mark("the goal", goal)));
    if (!context.ancestors().isEmpty()) {
      text.append("\n\n# The issues above this one, nearest first\n\n").append(context.ancestors().stream()
          .map(this::ancestor).collect(Collectors.joining("\n")));
    }
    return text.toString();
  }

  private static final String WORK = """
      # How you work

      You work on one issue, with tools. Look before you change, change little, and check what you changed by running what \
      is there to check it. Don't announce what you are about to do: do it. Several calls that don't depend on each other \
      go into one turn.

      The issue's status is written for you from what you finish with. The last call is always finish (or ask, where you \
      can't go on without an answer). Text without a call is read by nobody. Never say that something is done or works \
      unless a tool has shown it. Where you are not permitted to do something, don't look for a way around it: say in your \
      summary who has to do it.""";

  private static final String MENTION = """
      # How you work

      Somebody mentioned you on an issue that is not yours. You may look, and say one thing with finish, or nothing where \
      there is nothing to say. Text without a call is read by nobody.""";

  private static final String REVIEW = """
      # How you work

      Somebody else has worked on the issue, and you are asked for your verdict: a review, with tools. Look at what was \
      done and check it by running what is there to check it; don't do the work yourself. The last call is always finish: \
      done approves, request_changes gives the issue back and says what has to be changed. Never approve what you have not \
      looked at. Text without a call is read by nobody.""";

  private static String named(Colleague colleague) {
    return colleague.name() + (colleague.role() == null ? "" : " (" + colleague.role() + ")");
  }

  private String ancestor(Ancestor ancestor) {
    String label = ancestor.identifier() == null ? ancestor.id().toString() : ancestor.identifier();
    return untrustedTextMarker.mark("issue " + label, ancestor.title()
        + (ancestor.description() == null ? "" : "\n\n" + ancestor.description()));
  }

  /** The issue, the whole thread and why it is taken up. */
  String firstMessage() {
    Issue issue = context.issue();
    return "# The issue\n\n"
        + untrustedTextMarker.mark("issue " + issue.label() + ", by " + creator(issue), issue.title()
            + (issue.description() == null ? "" : "\n\n" + issue.description()))
        + thread("\n\n# The comments so far, oldest first", comment -> true)
        + "\n\n# Why now\n\n" + trigger();
  }

  /** What is new since the last heartbeat. */
  String resumeMessage(Predicate<Comment> isNew) {
    return "You are back on the issue." + thread("\n\n# New comments", isNew) + "\n\n# Why now\n\n" + trigger()
        + "\n\nThe workspace may have changed meanwhile.";
  }

  private String thread(String title, Predicate<Comment> which) {
    List<String> comments = context.comments().stream().filter(which)
        .map(comment -> untrustedTextMarker.mark("comment by " + author(comment), comment.body()))
        .toList();
    return comments.isEmpty() ? "" : title + "\n\n" + String.join("\n", comments);
  }

  private String creator(Issue issue) {
    return issue.createdByUserId() != null ? "a person" : issue.createdByAgentId() != null ? "an agent" : "the server";
  }

  private String author(Comment comment) {
    if (comment.isBy(context.self().id())) {
      return "yourself";
    }
    return comment.isByPerson() ? "a person, of the board"
        : comment.isBySystem() ? "the server"
            : "an agent, " + context.manager().filter(manager -> comment.isBy(manager.id()))
                .map(manager -> "your manager " + manager.name()).orElse("a colleague");
  }

  private String trigger() {
    return switch (context.trigger()) {
      case Trigger.Assigned assigned -> "The issue is yours"
          + assigned.wakeReason().map(reason -> " (" + reason.wire() + ")").orElse("") + ".";
      case Trigger.Commented commented -> "Somebody commented. The newest comment:\n"
          + untrustedTextMarker.mark("comment by " + author(commented.latest()), commented.latest().body());
      case Trigger.InteractionAnswered interactionAnswered ->
        "Your card (" + interactionAnswered.kind() + ") was " + interactionAnswered.status() + ":\n"
            + untrustedTextMarker.mark("answer",
                interactionAnswered.result().isEmpty() ? interactionAnswered.status().toString()
                    : interactionAnswered.result().toString());
      case Trigger.ReviewRequested asked ->
        "The work on the issue waits for your verdict." + asked.review().instructions()
            .map(words -> "\n" + untrustedTextMarker.mark("what to look at", words)).orElse("");
      case Trigger.ApprovalDecided approvalDecided ->
        "The board decided on an approval: " + approvalDecided.approval().status() + ".\n"
            + untrustedTextMarker.mark("the board's note", String.valueOf(approvalDecided.approval().decisionNote()));
      case Trigger.Unblocked unblocked -> "What the issue waited for is done (" + unblocked.reason() + ").\n"
          + untrustedTextMarker.mark("subtasks", unblocked.subtasks().toString());
    };
  }
}
