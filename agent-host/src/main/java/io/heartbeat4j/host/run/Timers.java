package io.heartbeat4j.host.run;

import io.heartbeat4j.client.WakeAnswer;
import io.heartbeat4j.protocol.InboxItem;
import io.heartbeat4j.protocol.IssueStatus;
import io.heartbeat4j.protocol.SelfWake;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks into the inboxes of agents that have a timer, and asks the server for a run of what lies there and nobody works on.
 * An empty inbox costs one small request and starts no run. The looks are spread, so that many agents do not come at once.
 * Confined to the host's event loop.
 */
public final class Timers {

  private static final Logger LOG = LoggerFactory.getLogger(Timers.class);
  private static final String REASON = "heartbeat4j_timer";
  private static final double JITTER = 0.1;

  private final Vertx vertx;
  private final RandomGenerator random;
  private final Predicate<String> isHome;
  private final List<Timer> timers = new ArrayList<>();

  /** @param isHome whether an agent's timer is this host's now, by the agent's name */
  public Timers(Vertx vertx, RandomGenerator random, Predicate<String> isHome) {
    this.vertx = vertx;
    this.random = random;
    this.isHome = isHome;
  }

  /** From now on these agents have their timers, and no others. */
  public void set(Collection<HostedAgent> agents) {
    timers.forEach(Timer::end);
    timers.clear();
    for (HostedAgent agent : agents) {
      agent.configuration().timer().ifPresent(every -> {
        Timer timer = new Timer(agent, every);
        timers.add(timer);
        timer.next(random.nextDouble());
      });
    }
  }

  private final class Timer {

    private final HostedAgent agent;
    private final Duration every;
    private long due;
    private boolean ended;

    Timer(HostedAgent agent, Duration every) {
      this.agent = agent;
      this.every = every;
    }

    /** @param share of the period until the next look */
    void next(double share) {
      due = vertx.setTimer(Math.max(1, Math.round(every.toMillis() * share)), now -> look()
          .onFailure(failure -> LOG.debug("{}: the inbox could not be looked at", agent.name(), failure))
          .onComplete(done -> {
            if (!ended) {
              next(1 - JITTER + 2 * JITTER * random.nextDouble());
            }
          }));
    }

    void end() {
      ended = true;
      vertx.cancelTimer(due);
    }

    private Future<?> look() {
      if (agent.isPaused() || !isHome.test(agent.name())) {
        return Future.succeededFuture();
      }
      return agent.identity().compose(self -> agent.session().inbox().compose(items -> {
        Optional<InboxItem> work = items.stream().filter(Timers::isLyingThere).findFirst();
        return work.isEmpty()
            ? Future.succeededFuture()
            : agent.session().wakeSelf(self.id(), SelfWake.on(work.get().id(), REASON))
                .onSuccess(answer -> told(work.get(), answer));
      }));
    }

    private void told(InboxItem item, WakeAnswer answer) {
      switch (answer) {
        case WakeAnswer.Started started -> LOG.info("{}: asked for a run of {}", agent.name(), item.label());
        case WakeAnswer.Skipped skipped ->
            LOG.info("{}: no run of {}: {}", agent.name(), item.label(), skipped.reason());
      }
    }
  }

  private static boolean isLyingThere(InboxItem item) {
    return (item.status().equals(IssueStatus.TODO) || item.status().equals(IssueStatus.IN_PROGRESS))
        && item.isReady() && item.activeRun() == null;
  }
}
