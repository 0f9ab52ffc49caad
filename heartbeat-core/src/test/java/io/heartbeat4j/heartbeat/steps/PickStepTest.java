package io.heartbeat4j.heartbeat.steps;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.protocol.InboxItem;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.IssueStatus;
import io.heartbeat4j.protocol.Priority;
import io.heartbeat4j.protocol.RunId;
import io.heartbeat4j.protocol.RunStatus;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class PickStepTest {

  private static final RunId OWN_RUN = new RunId(new UUID(7, 7));
  private static final RunId OTHER_RUN = new RunId(new UUID(8, 8));

  @Property
  void work_in_progress_comes_before_todo_and_todo_before_blocked(@ForAll("inboxes") List<InboxItem> inbox) {
    List<Integer> stages = order(inbox).stream().map(item -> stage(item.status())).toList();
    assertThat(stages).isSorted();
  }

  @Property
  void todo_comes_by_priority(@ForAll("inboxes") List<InboxItem> inbox) {
    List<Integer> ranks = order(inbox).stream()
        .filter(item -> item.status().equals(IssueStatus.TODO))
        .map(item -> item.priority() == null ? Integer.MAX_VALUE : item.priority().rank())
        .toList();
    assertThat(ranks).isSorted();
  }

  @Property
  void the_named_task_comes_first_whenever_it_can_be_had(@ForAll("inboxes") List<InboxItem> inbox, @ForAll int seed) {
    List<InboxItem> candidates = order(inbox);
    if (candidates.isEmpty()) {
      return;
    }
    IssueId named = candidates.get(Math.floorMod(seed, candidates.size())).id();
    assertThat(PickStep.order(inbox, named, OWN_RUN, issue -> false).get(0).id()).isEqualTo(named);
  }

  @Property
  void nothing_that_was_tried_is_tried_again(@ForAll("inboxes") List<InboxItem> inbox, @ForAll int seed) {
    Set<IssueId> tried = new HashSet<>();
    Random random = new Random(seed);
    inbox.forEach(item -> {
      if (random.nextBoolean()) {
        tried.add(item.id());
      }
    });
    assertThat(PickStep.order(inbox, null, OWN_RUN, tried::contains)).noneMatch(item -> tried.contains(item.id()));
  }

  @Property
  void a_sure_refusal_is_never_a_candidate(@ForAll("inboxes") List<InboxItem> inbox) {
    assertThat(order(inbox)).allMatch(item -> item.unresolvedBlockerIssueIds().isEmpty()
        && !Boolean.FALSE.equals(item.dependencyReady())
        && (item.activeRun() == null || item.activeRun().id().equals(OWN_RUN))
        && stage(item.status()) < 3);
  }

  @Property
  void everything_that_can_be_had_is_a_candidate_whatever_the_servers_order(
      @ForAll("inboxes") List<InboxItem> inbox, @ForAll long seed) {
    List<InboxItem> shuffled = new ArrayList<>(inbox);
    Collections.shuffle(shuffled, new Random(seed));
    assertThat(order(shuffled)).containsExactlyInAnyOrderElementsOf(order(inbox));
    assertThat(order(inbox)).hasSize((int) inbox.stream()
        .filter(item -> stage(item.status()) < 3 && item.isReady() && !item.isHeldByAnother(OWN_RUN))
        .count());
  }

  private List<InboxItem> order(List<InboxItem> inbox) {
    return PickStep.order(inbox, null, OWN_RUN, issue -> false);
  }

  private static int stage(IssueStatus status) {
    return List.of(IssueStatus.IN_PROGRESS, IssueStatus.TODO, IssueStatus.BLOCKED).indexOf(status) < 0
        ? 3
        : List.of(IssueStatus.IN_PROGRESS, IssueStatus.TODO, IssueStatus.BLOCKED).indexOf(status);
  }

  @Provide
  static Arbitrary<List<InboxItem>> inboxes() {
    Arbitrary<IssueStatus> statuses = Arbitraries.of(
        IssueStatus.TODO, IssueStatus.IN_PROGRESS, IssueStatus.IN_REVIEW, IssueStatus.BLOCKED, IssueStatus.BACKLOG,
        IssueStatus.DONE, IssueStatus.CANCELLED, new IssueStatus("a_status_of_tomorrow"));
    Arbitrary<Priority> priorities = Arbitraries.of(
        Priority.CRITICAL, Priority.HIGH, Priority.MEDIUM, Priority.LOW, new Priority("urgent"));
    Arbitrary<InboxItem.ActiveRun> runs = Arbitraries.of(
        new InboxItem.ActiveRun(OWN_RUN, RunStatus.RUNNING, null),
        new InboxItem.ActiveRun(OTHER_RUN, RunStatus.RUNNING, null));
    return Combinators.combine(
        Arbitraries.longs(), statuses, priorities.injectNull(0.1), runs.injectNull(0.7),
        Arbitraries.of(true, false).injectNull(0.5), Arbitraries.integers().between(0, 3))
        .as((id, status, priority, run, ready, blockers) -> new InboxItem(
            new IssueId(new UUID(1, id)), null, "title " + id, status, priority, null, null, null, null, run, ready,
            blockers == 3 ? List.of(new IssueId(new UUID(2, id))) : List.of()))
        .list().ofMaxSize(12).uniqueElements(InboxItem::id);
  }
}
