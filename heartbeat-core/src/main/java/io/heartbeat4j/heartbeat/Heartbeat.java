package io.heartbeat4j.heartbeat;

import io.heartbeat4j.client.AgentSession;
import io.heartbeat4j.client.PaperclipClient;
import io.heartbeat4j.client.PaperclipException;
import io.heartbeat4j.heartbeat.event.HeartbeatEvent.Kind;
import io.heartbeat4j.heartbeat.event.Step;
import io.heartbeat4j.heartbeat.outcome.HeartbeatException;
import io.heartbeat4j.heartbeat.outcome.HeartbeatOutcome;
import io.heartbeat4j.heartbeat.outcome.HeartbeatOutcome.Settlement;
import io.heartbeat4j.heartbeat.outcome.WorkOutcome;
import io.heartbeat4j.heartbeat.recovery.WriteAheadLogRecovery;
import io.heartbeat4j.heartbeat.steps.ApprovalFollowUpStep;
import io.heartbeat4j.heartbeat.steps.BudgetGuard;
import io.heartbeat4j.heartbeat.steps.Candidate;
import io.heartbeat4j.heartbeat.steps.CandidateFilter;
import io.heartbeat4j.heartbeat.steps.CheckedOutIssue;
import io.heartbeat4j.heartbeat.steps.CheckoutStep;
import io.heartbeat4j.heartbeat.steps.ContextStep;
import io.heartbeat4j.heartbeat.steps.DelegationGuard;
import io.heartbeat4j.heartbeat.steps.HeartbeatContext;
import io.heartbeat4j.heartbeat.steps.HeartbeatContextFactory;
import io.heartbeat4j.heartbeat.steps.IdentityStep;
import io.heartbeat4j.heartbeat.steps.InboxStep;
import io.heartbeat4j.heartbeat.steps.IssueSettler;
import io.heartbeat4j.heartbeat.steps.MentionHandler;
import io.heartbeat4j.heartbeat.steps.NextAction;
import io.heartbeat4j.heartbeat.steps.NextActionDecider;
import io.heartbeat4j.heartbeat.steps.ParkedWork;
import io.heartbeat4j.heartbeat.steps.PickStep;
import io.heartbeat4j.heartbeat.steps.ResumedRun;
import io.heartbeat4j.heartbeat.steps.ScopedRunRequester;
import io.heartbeat4j.heartbeat.steps.Sequentially;
import io.heartbeat4j.heartbeat.steps.WorkStep;
import io.heartbeat4j.heartbeat.wake.WakeRequest;
import io.heartbeat4j.heartbeat.wake.WakeScope;
import io.heartbeat4j.heartbeat.wal.ClaimedEntries;
import io.heartbeat4j.heartbeat.work.AgentSetup;
import io.heartbeat4j.heartbeat.work.CancellationSource;
import io.heartbeat4j.protocol.InboxItem;
import io.heartbeat4j.protocol.IssueId;
import io.vertx.core.Future;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;

/** A heartbeat: the nine steps in the protocol page's order, on the Vert.x context of its caller. Thread-safe. */
public final class Heartbeat {

  private final IdentityStep identityStep;
  private final HeartbeatContextFactory contexts;
  private final WriteAheadLogRecovery writeAheadLogRecovery;
  private final ApprovalFollowUpStep approvalFollowUpStep;
  private final InboxStep inboxStep;
  private final PickStep pickStep;
  private final CandidateFilter filter;
  private final ScopedRunRequester scopedRunRequester;
  private final MentionHandler mentionHandler;
  private final CheckoutStep checkoutStep;
  private final ContextStep contextStep;
  private final NextActionDecider nextActionDecider;
  private final WorkStep workStep;
  private final DelegationGuard delegationGuard;
  private final ParkedWork parkedWork;
  private final IssueSettler settler;
  private final ResumedRun resumedRun;

  @Inject
  Heartbeat(IdentityStep identityStep, HeartbeatContextFactory contexts,
      WriteAheadLogRecovery writeAheadLogRecovery, ApprovalFollowUpStep approvalFollowUpStep, InboxStep inboxStep,
      PickStep pickStep, CandidateFilter filter, ScopedRunRequester scopedRunRequester, MentionHandler mentionHandler,
      CheckoutStep checkoutStep, ContextStep contextStep, NextActionDecider nextActionDecider, WorkStep workStep,
      DelegationGuard delegationGuard, ParkedWork parkedWork, IssueSettler settler, ResumedRun resumedRun) {
    this.identityStep = identityStep;
    this.contexts = contexts;
    this.writeAheadLogRecovery = writeAheadLogRecovery;
    this.approvalFollowUpStep = approvalFollowUpStep;
    this.inboxStep = inboxStep;
    this.pickStep = pickStep;
    this.filter = filter;
    this.scopedRunRequester = scopedRunRequester;
    this.mentionHandler = mentionHandler;
    this.checkoutStep = checkoutStep;
    this.contextStep = contextStep;
    this.nextActionDecider = nextActionDecider;
    this.workStep = workStep;
    this.delegationGuard = delegationGuard;
    this.parkedWork = parkedWork;
    this.settler = settler;
    this.resumedRun = resumedRun;
  }

  /**
   * Runs the heartbeat of one wake.
   *
   * <p>Fails with a {@link HeartbeatException} or {@link PaperclipException} where the server could not be told how the
   * work ended, or where no issue was checked out and the heartbeat could not go on.
   */
  public Future<HeartbeatOutcome> run(
      PaperclipClient server, WakeRequest request, AgentSetup setup, CancellationSource cancellation) {
    AgentSession session = server.session(request.token());
    return identityStep.confirm(request, session) // Step 1: Identity
        .map(confirmed -> contexts.create(confirmed, session, request, setup, cancellation))
        .compose(heartbeat -> IdentityStep.restReason(heartbeat.self(), heartbeat.wake())
            .map(reason -> Future.<HeartbeatOutcome>succeededFuture(new HeartbeatOutcome.Idle(reason)))
            .orElseGet(() -> writeAheadLogRecovery.recover(heartbeat) // what interrupted runs left
                .compose(claimed -> approvalFollowUpStep.read(heartbeat) // Step 2: Approval Follow-up
                    .compose(linked -> Sequentially.mapPresent(BudgetGuard.affordable(heartbeat, linked),
                        own -> process(heartbeat, claimed, own)))
                    .compose(settled -> settled.isEmpty()
                        ? pickWork(heartbeat, claimed)
                        : Future.succeededFuture(new HeartbeatOutcome.Settled(settled)))
                    .eventually(claimed::release)))
            .eventually(heartbeat.memory()::flush));
  }

  /** A wake that names an issue skips steps 3 and 4, unless that issue can't be worked now. */
  private Future<HeartbeatOutcome> pickWork(HeartbeatContext heartbeat, ClaimedEntries claimed) {
    if (heartbeat.self().isOverBudget()) {
      return Future.succeededFuture(new HeartbeatOutcome.Idle(BudgetGuard.SPENT));
    }
    Optional<IssueId> named = heartbeat.wake().namedIssue();
    if (named.isEmpty()) {
      return assignedIssue(heartbeat, claimed);
    }
    return namedIssue(heartbeat, claimed, named.get()).compose(settled -> settled.isPresent()
        ? Future.succeededFuture(new HeartbeatOutcome.Settled(settled.get()))
        : assignedIssue(heartbeat, claimed));
  }

  private Future<HeartbeatOutcome> assignedIssue(HeartbeatContext heartbeat, ClaimedEntries claimed) {
    return inboxStep.assignments(heartbeat) // Step 3: Get Assignments
        .map(items -> pickStep.order(heartbeat, items)) // Step 4: Pick Work
        .compose(candidates -> firstThatCanBeHad(heartbeat, claimed, candidates, 0));
  }

  /** The first candidate that can be checked out; an unscoped run, which may not write, asks for a scoped run. */
  private Future<HeartbeatOutcome> firstThatCanBeHad(
      HeartbeatContext heartbeat, ClaimedEntries claimed, List<InboxItem> candidates, int from) {
    if (from == candidates.size()) {
      heartbeat.emit(Step.PICK_WORK, Kind.SKIPPED, "nothing to do");
      return Future.succeededFuture(new HeartbeatOutcome.Idle("nothing to do"));
    }
    InboxItem item = candidates.get(from);
    return filter.isWorthTrying(heartbeat, item)
        .compose(worthTrying -> !worthTrying
            ? Future.succeededFuture(Optional.<HeartbeatOutcome>empty())
            : heartbeat.wake() instanceof WakeScope.Unscoped
                ? scopedRunRequester.request(heartbeat, item)
                : process(heartbeat, claimed, Candidate.of(item))
                    .map(settled -> settled.map(HeartbeatOutcome.Settled::new)))
        .compose(outcome -> outcome.map(Future::succeededFuture)
            .orElseGet(() -> firstThatCanBeHad(heartbeat, claimed, candidates, from + 1)));
  }

  /** The issue that the wake names; on a mention the thread is read before anything is checked out. */
  private Future<Optional<Settlement>> namedIssue(HeartbeatContext heartbeat, ClaimedEntries claimed, IssueId issue) {
    if (heartbeat.factsOf(issue).isMention()) {
      return contextStep.read(heartbeat, issue).compose(item -> mentionHandler.isOwnWork(heartbeat, item.issue())
          ? process(heartbeat, claimed, Candidate.toWork(issue, item.issue().label()))
          : mentionHandler.answer(heartbeat, item).map(Optional::of));
    }
    Candidate named = Candidate.toWork(issue, heartbeat.labelOf(issue));
    return filter.isOurTurn(heartbeat, issue).compose(ours -> ours
        ? process(heartbeat, claimed, named)
        : resumedRun.earlierSettlement(heartbeat, claimed, named));
  }

  /** Steps 5 to 9 of one candidate, unless this run has done them before; empty where it can't be checked out. */
  private Future<Optional<Settlement>> process(HeartbeatContext heartbeat, ClaimedEntries claimed,
      Candidate candidate) {
    return resumedRun.earlierSettlement(heartbeat, claimed, candidate).compose(before -> before.isPresent()
        ? Future.succeededFuture(before)
        : checkoutStep.checkOut(heartbeat, claimed, candidate.issue(), candidate.label()) // Step 5: Checkout
            .compose(checkedOut -> checkedOut.isEmpty()
                ? Future.succeededFuture(Optional.empty())
                : settle(heartbeat, checkedOut.get(), candidate).map(Optional::of)));
  }

  private Future<Settlement> settle(HeartbeatContext heartbeat, CheckedOutIssue checkedOut, Candidate candidate) {
    Future<Settlement> settled = switch (candidate) {
      case Candidate.ToWork named -> work(heartbeat, checkedOut, named);
      case Candidate.ToSettle named ->
        settler.settle(heartbeat, checkedOut, new WorkOutcome.Skipped(named.disposition()));
    };
    return settled.recover(failure -> settler.settleFailed(heartbeat, checkedOut, failure));
  }

  private Future<Settlement> work(HeartbeatContext heartbeat, CheckedOutIssue checkedOut, Candidate.ToWork candidate) {
    return contextStep.read(heartbeat, checkedOut, candidate.decision()) // Step 6: Understand Context
        .compose(item -> nextActionDecider.decide(heartbeat, checkedOut, item)
            .compose(action -> switch (action) {
              case NextAction.CallWorker call -> settler.commentOvertaken(heartbeat, checkedOut, item.comments())
                  .compose(commented -> parkedWork.detachable(heartbeat, checkedOut,
                      () -> workStep.perform(heartbeat, checkedOut, item))) // Step 7: Do the Work
                  .compose(outcome -> delegationGuard.check(heartbeat, checkedOut, item, outcome))
                  .compose(outcome -> settler.settle(heartbeat, checkedOut, outcome)); // Steps 9, Delegate, and 8, Update Status
              case NextAction.SkipWork skip -> settler.settleWithoutWork(heartbeat, checkedOut, skip);
              case NextAction.DeliverHeld(var held) -> settler.settleAccepted(heartbeat, checkedOut, held);
              case NextAction.ResumeEarlierRun(var earlier) -> settler.resume(heartbeat, checkedOut, earlier);
            }));
  }
}
