package io.heartbeat4j.host.run;

import static org.assertj.core.api.Assertions.assertThat;

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
class TurnsTest {

  private static final IssueId ISSUE = new IssueId(new UUID(0, 1));

  @Test
  void two_claims_of_an_agent_on_one_issue_run_one_after_the_other() {
    Turns<String> turns = new Turns<>(new Slots(10, 10, Map.of(), Map.of()));
    turns.offer(claim("wren", Optional.of(ISSUE), "first"));
    turns.offer(claim("wren", Optional.of(ISSUE), "second"));

    Claim<String> first = turns.take().orElseThrow();
    assertThat(turns.take()).isEmpty();
    turns.release(first);

    assertThat(turns.take()).map(Claim::of).contains("second");
  }

  @Test
  void a_claim_whose_issue_is_busy_lets_the_next_one_pass() {
    Turns<String> turns = new Turns<>(new Slots(10, 10, Map.of(), Map.of()));
    turns.offer(claim("wren", Optional.of(ISSUE), "first"));
    turns.offer(claim("wren", Optional.of(ISSUE), "second"));
    turns.offer(claim("wren", Optional.of(new IssueId(new UUID(0, 2))), "other issue"));

    assertThat(turns.take()).map(Claim::of).contains("first");
    assertThat(turns.take()).map(Claim::of).contains("other issue");
    assertThat(turns.take()).isEmpty();
  }

  @Test
  void a_worker_without_a_free_slot_keeps_only_its_own_agents_waiting() {
    Turns<String> turns = new Turns<>(new Slots(10, 10, Map.of("slow", 1), Map.of()));
    turns.offer(new Claim<>("wren", Optional.of(ISSUE), "slow", Optional.empty(), 4, 10, "wren's"));
    turns.offer(new Claim<>("pia", Optional.of(ISSUE), "slow", Optional.empty(), 4, 10, "pia's"));
    turns.offer(new Claim<>("cora", Optional.of(ISSUE), "quick", Optional.empty(), 4, 10, "cora's"));

    assertThat(turns.take()).map(Claim::of).contains("wren's");
    assertThat(turns.take()).map(Claim::of).contains("cora's");
    assertThat(turns.take()).isEmpty();
  }

  @Test
  void claims_of_all_workers_that_use_an_account_of_a_provider_share_its_slots() {
    Turns<String> turns = new Turns<>(new Slots(10, 10, Map.of(), Map.of("acme/default", 1)));
    Claim<String> first = new Claim<>("wren", Optional.of(ISSUE), "llm", Optional.of("acme/default"), 4, 10, "wren's");
    turns.offer(first);
    turns.offer(new Claim<>("pia", Optional.of(ISSUE), "shell", Optional.of("acme/default"), 4, 10, "pia's"));
    turns.offer(new Claim<>("cora", Optional.of(ISSUE), "llm", Optional.of("other/default"), 4, 10, "cora's"));

    assertThat(turns.take()).contains(first);
    assertThat(turns.take()).map(Claim::of).contains("cora's");
    assertThat(turns.take()).isEmpty();
    turns.release(first);
    assertThat(turns.take()).map(Claim::of).contains("pia's");
  }

  @Test
  void a_full_queue_takes_nothing_and_a_withdrawn_claim_makes_room() {
    Turns<String> turns = new Turns<>(new Slots(1, 2, Map.of(), Map.of()));
    Claim<String> waiting = claim("wren", Optional.empty(), "a");
    assertThat(turns.offer(waiting)).isTrue();
    assertThat(turns.offer(claim("pia", Optional.empty(), "b"))).isTrue();
    assertThat(turns.offer(claim("cora", Optional.empty(), "c"))).isFalse();

    assertThat(turns.withdraw(waiting)).isTrue();
    assertThat(turns.withdraw(waiting)).isFalse();
    assertThat(turns.offer(claim("cora", Optional.empty(), "c"))).isTrue();
  }

  /** Fair share: with n agents that all want to run, each n-th start is an agent's own. */
  @Property(tries = 300)
  void an_agent_waits_at_most_twice_its_fair_share_whoever_floods(
      @ForAll @IntRange(min = 1, max = 8) int agents, @ForAll @IntRange(min = 1, max = 4) int slots, @ForAll long seed) {
    Random random = new Random(seed);
    Turns<Integer> turns = new Turns<>(new Slots(slots, 100_000, Map.of(), Map.of()));
    List<Claim<Integer>> running = new ArrayList<>();
    Map<Claim<Integer>, Integer> startsWhenOffered = new HashMap<>();
    Map<String, Integer> waitingOfAgent = new HashMap<>();
    int starts = 0;
    for (int step = 0; step < 400; step++) {
      String agent = random.nextInt(3) == 0 ? "agent-" + random.nextInt(agents) : "flood";
      if (agent.equals("flood") || waitingOfAgent.getOrDefault(agent, 0) == 0) {
        Claim<Integer> claim = new Claim<>(
            agent, Optional.of(new IssueId(new UUID(1, step))), "w", Optional.empty(), 1_000, 100_000, step);
        turns.offer(claim);
        startsWhenOffered.put(claim, starts);
        waitingOfAgent.merge(agent, 1, Integer::sum);
      }
      if (!running.isEmpty() && random.nextInt(3) == 0) {
        turns.release(running.remove(random.nextInt(running.size())));
      }
      for (Optional<Claim<Integer>> next = turns.take(); next.isPresent(); next = turns.take()) {
        Claim<Integer> claim = next.get();
        int startsBefore = starts++ - startsWhenOffered.getOrDefault(claim, 0);
        running.add(claim);
        waitingOfAgent.merge(claim.agent(), -1, Integer::sum);
        if (!claim.agent().equals("flood")) {
          assertThat(startsBefore).isLessThanOrEqualTo(2 * (agents + 1));
        }
      }
      assertThat(running).hasSizeLessThanOrEqualTo(slots);
    }
  }

  private static Claim<String> claim(String agent, Optional<IssueId> issue, String what) {
    return new Claim<>(agent, issue, "w", Optional.empty(), 4, 10, what);
  }
}
