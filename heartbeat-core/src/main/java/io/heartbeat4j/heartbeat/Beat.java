package io.heartbeat4j.heartbeat;

import io.heartbeat4j.client.AgentSession;
import io.heartbeat4j.client.Loop;
import io.heartbeat4j.client.RunSession;
import io.heartbeat4j.heartbeat.journal.Entry;
import io.heartbeat4j.heartbeat.journal.Journal;
import io.heartbeat4j.heartbeat.state.IssueMemory;
import io.heartbeat4j.protocol.Agent;
import io.heartbeat4j.protocol.IssueId;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * One heartbeat in progress: who beats, why, and what it has learned. Confined to its event loop, except for {@link
 * #tell}.
 */
public final class Beat {

  private final Loop loop;
  private final Call call;
  private final Agent self;
  private final Wake wake;
  private final RunSession run;
  private final AgentSetup setup;
  private final CancellationSource cancellation;
  private final HeartbeatListener listener;
  private final Journal journal;
  private final Recollections recollections;
  private final List<Entry> unfinished = new ArrayList<>();
  private final Set<IssueId> tried = new HashSet<>();

  public Beat(
      Loop loop,
      Call call,
      Agent self,
      Wake wake,
      RunSession run,
      AgentSetup setup,
      CancellationSource cancellation,
      HeartbeatListener listener,
      Journal journal) {
    this.loop = loop;
    this.call = call;
    this.self = self;
    this.wake = wake;
    this.run = run;
    this.setup = setup;
    this.cancellation = cancellation;
    this.listener = listener;
    this.journal = journal;
    this.recollections = new Recollections(loop, setup.memory());
  }

  public Call call() {
    return call;
  }

  public Agent self() {
    return self;
  }

  public Wake wake() {
    return wake;
  }

  /** The writes of this run. */
  public RunSession run() {
    return run;
  }

  /** The reads of this agent. */
  public AgentSession session() {
    return run.agent();
  }

  public AgentSetup setup() {
    return setup;
  }

  public CancellationSource cancellation() {
    return cancellation;
  }

  public Clock clock() {
    return loop.clock();
  }

  /** Where this heartbeat runs. */
  public Loop loop() {
    return loop;
  }

  public Journal journal() {
    return journal;
  }

  /** What earlier runs have left unfinished, claimed by this heartbeat. */
  public List<Entry> unfinished() {
    return List.copyOf(unfinished);
  }

  /** Keeps entries for whoever takes their issue next. */
  public void keep(List<Entry> entries) {
    unfinished.addAll(entries);
  }

  /** Keeps what was noted, and lets go of what nobody took, so that the next heartbeat finds it. */
  Future<Void> end() {
    List<Entry> left = List.copyOf(unfinished);
    unfinished.clear();
    return recollections.keepAll().eventually(() -> Entry.closeAll(left));
  }

  /** What earlier runs have left of this issue, the decided before the undecided; whoever takes it answers for it. */
  public List<Entry> takeUnfinished(IssueId issue) {
    List<Entry> found = unfinished.stream().filter(entry -> entry.issue().equals(issue))
        .sorted(Entry.DECIDED_FIRST).toList();
    unfinished.removeAll(found);
    return found;
  }

  /** What this run itself has begun on the issue before its host was restarted, if it came no further than to take it. */
  public Optional<Entry> takeBegun(IssueId issue) {
    Optional<Entry> begun = unfinished.stream()
        .filter(entry -> entry.issue().equals(issue) && entry.run().equals(run.run()) && entry.hasNotBegun()).findFirst();
    begun.ifPresent(unfinished::remove);
    return begun;
  }

  /** What the wake says of {@code issue}; nothing if it is about another one. */
  public WakeFacts factsOf(IssueId issue) {
    return issue.equals(wake.facts().issue()) ? wake.facts() : WakeFacts.NONE;
  }

  /** The issue's short name where the wake tells it, else its id. */
  public String labelOf(IssueId issue) {
    return factsOf(issue) == WakeFacts.NONE ? issue.toString() : wake.facts().taskLabel();
  }

  /** Marks the issue as asked for; false if it was before: nothing is ever asked for twice in a heartbeat. */
  public boolean firstTry(IssueId issue) {
    return tried.add(issue);
  }

  public Set<IssueId> tried() {
    return Set.copyOf(tried);
  }

  public void tell(Step step, HeartbeatEvent.Kind kind, String message) {
    tell(step, kind, Optional.empty(), Optional.empty(), message);
  }

  public void tell(Step step, HeartbeatEvent.Kind kind, String issueLabel, String message) {
    tell(step, kind, Optional.of(issueLabel), Optional.empty(), message);
  }

  /** The server said 409. */
  public void tellConflict(Step step, String issueLabel, ConflictCause cause, String message) {
    tell(step, HeartbeatEvent.Kind.CONFLICT, Optional.of(issueLabel), Optional.of(cause), message);
  }

  private void tell(
      Step step, HeartbeatEvent.Kind kind, Optional<String> issue, Optional<ConflictCause> conflict, String message) {
    listener.on(new HeartbeatEvent(clock().instant(), run.run(), self.id(), step, kind, issue, conflict, message));
  }

  /** What the agent remembers of an issue. */
  public Future<IssueMemory> recall(IssueId issue) {
    return recollections.latest(issue);
  }

  /** Changes what the agent remembers of an issue, and keeps it; what it remembers from now on. */
  public Future<IssueMemory> remember(IssueId issue, UnaryOperator<IssueMemory> change) {
    return recollections.note(issue, change).compose(known -> recollections.keep(issue).map(known));
  }

  /**
   * Changes it without a line of its own: it is kept with the next that is {@linkplain #remember remembered} of the issue,
   * at the latest at the {@linkplain #end end}. What was begun when the process dies stands in the journal.
   */
  public Future<IssueMemory> note(IssueId issue, UnaryOperator<IssueMemory> change) {
    return recollections.note(issue, change);
  }
}
