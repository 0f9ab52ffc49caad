package io.heartbeat4j.heartbeat.steps;

import io.heartbeat4j.heartbeat.memory.LastDisposition.WaitsFor;
import io.heartbeat4j.heartbeat.outcome.Disposition;
import io.heartbeat4j.heartbeat.policy.EscalationPolicy;
import io.heartbeat4j.protocol.Approval;
import io.heartbeat4j.protocol.ApprovalId;
import io.heartbeat4j.protocol.Interaction;
import io.heartbeat4j.protocol.Issue;
import io.heartbeat4j.protocol.IssueStatus;
import io.heartbeat4j.protocol.IssuePatch;
import io.heartbeat4j.protocol.IssueUpdate;
import io.heartbeat4j.protocol.NewApproval;
import io.heartbeat4j.protocol.NewInteraction;
import io.heartbeat4j.protocol.SilentUpdate;
import io.heartbeat4j.redaction.Redactor;
import io.heartbeat4j.worker.Question;
import io.heartbeat4j.worker.ReviewPath.WhenApproved;
import io.vertx.core.Future;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * First half of step 8: creates what the server demands of a disposition (a card, an approval, a manager's task), and
 * plans the one update that then brings the issue there.
 */
public final class DispositionPlanner {

  private final EscalationPolicy policy;
  private final DelegateStep delegateStep;
  private final Redactor redactor;

  @Inject
  public DispositionPlanner(EscalationPolicy policy, DelegateStep delegateStep, Redactor redactor) {
    this.policy = policy;
    this.delegateStep = delegateStep;
    this.redactor = redactor;
  }

  /** The one update, and what to remember of it. */
  record PlannedUpdate(
      IssuePatch update, WaitsFor waitsFor, @Nullable ApprovalId approval, boolean closesWhenApproved,
      @Nullable Instant until, Optional<ReviewRole.HandOff> handOff) {

    PlannedUpdate(
        IssuePatch update, WaitsFor waitsFor, @Nullable ApprovalId approval, boolean closesWhenApproved,
        @Nullable Instant until) {
      this(update, waitsFor, approval, closesWhenApproved, until, Optional.empty());
    }

    static PlannedUpdate of(IssuePatch update, WaitsFor waitsFor) {
      return new PlannedUpdate(update, waitsFor, null, false, null);
    }

    /** Whether it only goes back to where the issue was: then what it waits for is known already. */
    boolean isRest() {
      return waitsFor == WaitsFor.NOTHING && update.comment().isEmpty();
    }

    PlannedUpdate withoutComment() {
      return new PlannedUpdate(SilentUpdate.of(update), waitsFor, approval, closesWhenApproved, until);
    }

    /** The same for one who plays this part in the issue's stages. */
    PlannedUpdate forRole(ReviewRole role, Issue issue) {
      IssuePatch meant = role.translate(update);
      Optional<ReviewRole.HandOff> given = role.handOff(issue, meant);
      return new PlannedUpdate(meant, given.isPresent() && !isRest() ? WaitsFor.PERSON : waitsFor, approval,
          closesWhenApproved,
          until, given);
    }

    /** The status that the issue is in afterwards. */
    IssueStatus resultingStatus() {
      return handOff.map(ReviewRole.HandOff::becomes).orElseGet(update::status);
    }
  }

  /** Lays the path and says the update, as the agent's part in the issue's stages of review has it. */
  Future<PlannedUpdate> plan(HeartbeatContext heartbeat, CheckedOutIssue checkedOut, Disposition disposition) {
    ReviewRole role = ReviewRole.of(checkedOut.issue(), heartbeat.self().id());
    Future<PlannedUpdate> laid = switch (role) {
      case NO_STAGES, EXECUTOR -> planWithoutStages(heartbeat, checkedOut, withoutVerdict(disposition));
      case REVIEWER -> planWithoutStages(heartbeat, checkedOut, ownVerdict(disposition));
      case OUTSIDER ->
        planned(disposition instanceof Disposition.Restore || disposition instanceof Disposition.WithoutComment
            ? SilentUpdate.restoring(IssueStatus.IN_REVIEW)
            : IssueUpdate.inReview(redactor.redact(disposition.comment())), WaitsFor.NOTHING);
    };
    return laid.map(each -> each.forRole(role, checkedOut.issue()));
  }

  /** A review can't be handed to a person: the server would give it back. So the board is asked. */
  private static Disposition ownVerdict(Disposition disposition) {
    return disposition instanceof Disposition.HandOver over
        ? new Disposition.ReviewByCard(over.comment(), new Question.Confirmation(
            "Review", "The reviewer wants a person to look at this. Shall it go on with the review?"))
        : disposition;
  }

  /** A verdict that an earlier run could not deliver, of a stage that is over. */
  private static Disposition withoutVerdict(Disposition disposition) {
    return disposition instanceof Disposition.RequestChanges changes
        ? new Disposition.BlockedByCard(changes.comment(), new Question.Confirmation(
            "Review", "These changes were asked for when the review was over. Shall the work go on?"), "review")
        : disposition;
  }

  private Future<PlannedUpdate> planWithoutStages(HeartbeatContext heartbeat, CheckedOutIssue checkedOut,
      Disposition disposition) {
    String comment = redactor.redact(disposition.comment());
    return switch (disposition) {
      case Disposition.Close close -> planned(IssueUpdate.done(comment), WaitsFor.NOTHING);
      case Disposition.RequestChanges changes -> planned(IssueUpdate.changesRequested(comment), WaitsFor.NOTHING);
      case Disposition.ReviewByCard card ->
        createCard(checkedOut, key -> newInteraction(card.question(), key), checkedOut.key("card"))
            .map(asked -> PlannedUpdate.of(IssueUpdate.inReview(comment), WaitsFor.ANSWER));
      case Disposition.ReviewByBoard board ->
        requestApproval(heartbeat, checkedOut, board)
            .map(approval -> new PlannedUpdate(IssueUpdate.inReview(comment), WaitsFor.APPROVAL, approval.id(),
                board.then() == WhenApproved.CLOSE, null));
      case Disposition.ReviewByApproval pending -> Future.succeededFuture(new PlannedUpdate(
          IssueUpdate.inReview(comment), WaitsFor.APPROVAL, pending.approval(), pending.then() == WhenApproved.CLOSE,
          null));
      case Disposition.ReviewAt later -> Future.succeededFuture(new PlannedUpdate(
          IssueUpdate.inReview(comment).monitoredAt(later.at(), "heartbeat4j", checkedOut.issue().executionPolicy()),
          WaitsFor.TIME, null, false, later.at()));
      case Disposition.WithoutComment withoutComment ->
        planWithoutStages(heartbeat, checkedOut, withoutComment.of()).map(PlannedUpdate::withoutComment);
      case Disposition.Restore restore -> planned(SilentUpdate.restoring(restore.status()), WaitsFor.NOTHING);
      case Disposition.HandOver over ->
        planned(IssueUpdate.inReview(comment).assignedTo(over.person()), WaitsFor.PERSON);
      case Disposition.BlockedByIssues by ->
        planned(IssueUpdate.blocked(comment).blockedBy(by.issues()), WaitsFor.ISSUES);
      case Disposition.BlockedByManager by -> managerTask(heartbeat, checkedOut, by, comment);
      case Disposition.BlockedByCard card -> pendingOrNew(heartbeat, checkedOut, card)
          .map(asked -> PlannedUpdate.of(IssueUpdate.blocked(comment),
              card.topic().equals(Disposition.BlockedByCard.BUDGET_TOPIC) ? WaitsFor.BUDGET : WaitsFor.ANSWER));
      case Disposition.BlockedBySelf self -> planned(
          IssueUpdate.blocked(comment).unblockedBySelf(heartbeat.self().id(), redactor.redact(self.action())),
          WaitsFor.ITSELF);
    };
  }

  private static Future<PlannedUpdate> planned(IssuePatch update, WaitsFor waitsFor) {
    return Future.succeededFuture(PlannedUpdate.of(update, waitsFor));
  }

  /** A manager who closed the same request before is not asked again: two agents would wake each other for ever. */
  private Future<PlannedUpdate> managerTask(HeartbeatContext heartbeat, CheckedOutIssue checkedOut,
      Disposition.BlockedByManager by, String comment) {
    return delegateStep.createForManager(heartbeat, checkedOut, by.manager().id(), by.title(), by.request())
        .compose(task -> task.issue().status().isClosed()
            ? planWithoutStages(heartbeat, checkedOut,
                policy.onManagerTaskClosed(by.comment(), by.title(), by.request()))
            : planned(
                IssueUpdate.blocked(comment + "\n\n" + task.issue().label() + " asks " + by.manager().name() + ".")
                    .blockedBy(List.of(task.issue().id())),
                WaitsFor.ISSUES));
  }

  /** Who has said no once is not followed up after a second no: the card then wakes on a yes only. */
  private Future<Interaction> pendingOrNew(HeartbeatContext heartbeat, CheckedOutIssue checkedOut,
      Disposition.BlockedByCard card) {
    String topic = InteractionKey.prefix(checkedOut.issue().id(), card.topic());
    return heartbeat.session().interactions(checkedOut.issue().id()).compose(cards -> cards.stream()
        .filter(each -> each.isPending() && each.idempotencyKey() != null && each.idempotencyKey().startsWith(topic))
        .findFirst()
        .map(Future::succeededFuture)
        .orElseGet(() -> {
          boolean saidNo = cards.stream().anyMatch(InteractionKey::isContinuationRejected);
          return createCard(checkedOut, key -> {
            NewInteraction asked = newInteraction(card.question(), key)
                .withDetails(card.details() == null ? null : redactor.redact(card.details()));
            return saidNo ? asked.wakingOnAcceptOnly() : asked;
          }, topic + checkedOut.entry().run());
        }));
  }

  private Future<Approval> requestApproval(HeartbeatContext heartbeat, CheckedOutIssue checkedOut,
      Disposition.ReviewByBoard board) {
    String key = checkedOut.key("approval");
    NewApproval asked = NewApproval.forBoard(
        checkedOut.issue().id(), redactor.redact(board.title()), redactor.redact(board.summary()), key);
    return IdempotentWrite.write(heartbeat, checkedOut.entry(), "approval", null,
        () -> checkedOut.lease().requestApproval(heartbeat.self().companyId(), asked),
        () -> heartbeat.session().approvals(heartbeat.self().companyId()).map(approvals -> approvals.stream()
            .filter(approval -> approval.payload() != null
                && key.equals(approval.payload().get(NewApproval.IDEMPOTENCY_KEY_FIELD)))
            .findFirst()));
  }

  private static Future<Interaction> createCard(CheckedOutIssue checkedOut, Function<String, NewInteraction> card,
      String key) {
    return createCard(checkedOut, card, key, 1);
  }

  /**
   * The key may answer with a card that was asked by a run that crashed, and that is answered already: then it is asked
   * anew.
   */
  private static Future<Interaction> createCard(CheckedOutIssue checkedOut, Function<String, NewInteraction> card,
      String key, int time) {
    return checkedOut.lease().createInteraction(card.apply(time == 1 ? key : key + ":" + time))
        .compose(asked -> asked.isPending() || time == MOST_CARDS
            ? Future.succeededFuture(asked)
            : createCard(checkedOut, card, key, time + 1));
  }

  private static final int MOST_CARDS = 5;

  private NewInteraction newInteraction(Question question, String key) {
    String title = question.title().map(redactor::redact).orElse(null);
    return switch (question) {
      case Question.Confirmation confirmation ->
        NewInteraction.confirmation(key, title, redactor.redact(confirmation.prompt()));
      case Question.Choices choices ->
        NewInteraction.questions(key, title, choices.choices().stream().map(this::choice).toList());
    };
  }

  private Map<String, Object> choice(Question.Choice choice) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", choice.id());
    json.put("prompt", redactor.redact(choice.prompt()));
    json.put("selectionMode", choice.several() ? "multi" : "single");
    json.put("options", choice.options().stream()
        .map(option -> Map.of("id", option.id(), "label", redactor.redact(option.label())))
        .toList());
    return json;
  }
}
