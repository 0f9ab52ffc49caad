package io.heartbeat4j.host.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.protocol.CompanyId;
import io.heartbeat4j.protocol.IssueId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Who may run when, and that nobody is kept waiting by a neighbour. */
class FairSchedulerTest {

  private static final CompanyId ACME = new CompanyId(new UUID(0, 3));
  private static final IssueId ISSUE = new IssueId(new UUID(0, 1));

  @Test
  void two_claims_of_an_agent_on_one_issue_run_one_after_the_other() {
    FairScheduler<String> fairScheduler = new FairScheduler<>(new SchedulerLimits(10, 100_000, 10, Map.of(), Map.of()));
    fairScheduler.offer(claim("wren", Optional.of(ISSUE), "first"));
    fairScheduler.offer(claim("wren", Optional.of(ISSUE), "second"));

    ScheduledRun<String> first = fairScheduler.pollNext().orElseThrow();
    assertThat(fairScheduler.pollNext()).isEmpty();
    fairScheduler.release(first);

    assertThat(fairScheduler.pollNext()).map(ScheduledRun::run).contains("second");
  }

  @Test
  void a_claim_whose_issue_is_busy_lets_the_next_one_pass() {
    FairScheduler<String> fairScheduler = new FairScheduler<>(new SchedulerLimits(10, 100_000, 10, Map.of(), Map.of()));
    fairScheduler.offer(claim("wren", Optional.of(ISSUE), "first"));
    fairScheduler.offer(claim("wren", Optional.of(ISSUE), "second"));
    fairScheduler.offer(claim("wren", Optional.of(new IssueId(new UUID(0, 2))), "other issue"));

    assertThat(fairScheduler.pollNext()).map(ScheduledRun::run).contains("first");
    assertThat(fairScheduler.pollNext()).map(ScheduledRun::run).contains("other issue");
    assertThat(fairScheduler.pollNext()).isEmpty();
  }

  @Test
  void a_company_without_a_free_slot_keeps_only_its_own_agents_waiting() {
    FairScheduler<String> fairScheduler = new FairScheduler<>(new SchedulerLimits(10, 1, 10, Map.of(), Map.of()));
    CompanyId other = new CompanyId(new UUID(0, 4));
    fairScheduler.offer(claim("wren", Optional.of(ISSUE), "wren's"));
    fairScheduler.offer(claim("pia", Optional.of(ISSUE), "pia's"));
    fairScheduler.offer(new ScheduledRun<>(other, "cora", Optional.of(ISSUE), "w", Optional.empty(), 4, 10, "cora's"));

    ScheduledRun<String> first = fairScheduler.pollNext().orElseThrow();
    assertThat(first.run()).isEqualTo("wren's");
    assertThat(fairScheduler.pollNext()).map(ScheduledRun::run).contains("cora's");
    assertThat(fairScheduler.pollNext()).isEmpty();
    fairScheduler.release(first);
    assertThat(fairScheduler.pollNext()).map(ScheduledRun::run).contains("pia's");
  }

  @Test
  void a_worker_without_a_free_slot_keeps_only_its_own_agents_waiting() {
    FairScheduler<String> fairScheduler = new FairScheduler<>(
        new SchedulerLimits(10, 100_000, 10, Map.of("slow", 1), Map.of()));
    fairScheduler
        .offer(new ScheduledRun<>(ACME, "wren", Optional.of(ISSUE), "slow", Optional.empty(), 4, 10, "wren's"));
    fairScheduler.offer(new ScheduledRun<>(ACME, "pia", Optional.of(ISSUE), "slow", Optional.empty(), 4, 10, "pia's"));
    fairScheduler
        .offer(new ScheduledRun<>(ACME, "cora", Optional.of(ISSUE), "quick", Optional.empty(), 4, 10, "cora's"));

    assertThat(fairScheduler.pollNext()).map(ScheduledRun::run).contains("wren's");
    assertThat(fairScheduler.pollNext()).map(ScheduledRun::run).contains("cora's");
    assertThat(fairScheduler.pollNext()).isEmpty();
  }

  @Test
  void claims_of_all_workers_that_use_an_account_of_a_provider_share_its_slots() {
    FairScheduler<String> fairScheduler = new FairScheduler<>(
        new SchedulerLimits(10, 100_000, 10, Map.of(), Map.of("acme/default", 1)));
    ScheduledRun<String> first = new ScheduledRun<>(ACME, "wren", Optional.of(ISSUE), "llm",
        Optional.of("acme/default"), 4,
        10, "wren's");
    fairScheduler.offer(first);
    fairScheduler
        .offer(
            new ScheduledRun<>(ACME, "pia", Optional.of(ISSUE), "shell", Optional.of("acme/default"), 4, 10, "pia's"));
    fairScheduler
        .offer(
            new ScheduledRun<>(ACME, "cora", Optional.of(ISSUE), "llm", Optional.of("other/default"), 4, 10, "cora's"));

    assertThat(fairScheduler.pollNext()).contains(first);
    assertThat(fairScheduler.pollNext()).map(ScheduledRun::run).contains("cora's");
    assertThat(fairScheduler.pollNext()).isEmpty();
    fairScheduler.release(first);
    assertThat(fairScheduler.pollNext()).map(ScheduledRun::run).contains("pia's");
  }

  @Test
  void a_full_queue_takes_nothing_and_a_withdrawn_claim_makes_room() {
    FairScheduler<String> fairScheduler = new FairScheduler<>(new SchedulerLimits(1, 100_000, 2, Map.of(), Map.of()));
    ScheduledRun<String> waiting = claim("wren", Optional.empty(), "a");
    assertThat(fairScheduler.offer(waiting)).isTrue();
    assertThat(fairScheduler.offer(claim("pia", Optional.empty(), "b"))).isTrue();
    assertThat(fairScheduler.offer(claim("cora", Optional.empty(), "c"))).isFalse();

    assertThat(fairScheduler.withdraw(waiting)).isTrue();
    assertThat(fairScheduler.withdraw(waiting)).isFalse();
    assertThat(fairScheduler.offer(claim("cora", Optional.empty(), "c"))).isTrue();
  }

  /** Fair share: with n agents that all want to run, each n-th start is an agent's own. */
  @Property(tries = 300)
  void an_agent_waits_at_most_twice_its_fair_share_whoever_floods(
      @ForAll @IntRange(min = 1, max = 8) int agents, @ForAll @IntRange(min = 1, max = 4) int slots,
      @ForAll long seed) {
    Random random = new Random(seed);
    FairScheduler<Integer> fairScheduler = new FairScheduler<>(
        new SchedulerLimits(slots, 100_000, 100_000, Map.of(), Map.of()));
    List<ScheduledRun<Integer>> running = new ArrayList<>();
    Map<ScheduledRun<Integer>, Integer> startsWhenOffered = new HashMap<>();
    Map<String, Integer> waitingOfAgent = new HashMap<>();
    int starts = 0;
    for (int step = 0; step < 400; step++) {
      String agent = random.nextInt(3) == 0 ? "agent-" + random.nextInt(agents) : "flood";
      if (agent.equals("flood") || waitingOfAgent.getOrDefault(agent, 0) == 0) {
        ScheduledRun<Integer> scheduledRun = new ScheduledRun<>(ACME,
            agent, Optional.of(new IssueId(new UUID(1, step))), "w", Optional.empty(), 1_000, 100_000, step);
        fairScheduler.offer(scheduledRun);
        startsWhenOffered.put(scheduledRun, starts);
        waitingOfAgent.merge(agent, 1, Integer::sum);
      }
      if (!running.isEmpty() && random.nextInt(3) == 0) {
        fairScheduler.release(running.remove(random.nextInt(running.size())));
      }
      for (Optional<ScheduledRun<Integer>> next = fairScheduler.pollNext(); next
          .isPresent(); next = fairScheduler.pollNext()) {
        ScheduledRun<Integer> scheduledRun = next.get();
        int startsBefore = starts++ - startsWhenOffered.getOrDefault(scheduledRun, 0);
        running.add(scheduledRun);
        waitingOfAgent.merge(scheduledRun.agent(), -1, Integer::sum);
        if (!scheduledRun.agent().equals("flood")) {
          assertThat(startsBefore).isLessThanOrEqualTo(2 * (agents + 1));
        }
      }
      assertThat(running).hasSizeLessThanOrEqualTo(slots);
    }
  }

  private static ScheduledRun<String> claim(String agent, Optional<IssueId> issue, String what) {
    return new ScheduledRun<>(ACME, agent, issue, "w", Optional.empty(), 4, 10, what);
  }
}
