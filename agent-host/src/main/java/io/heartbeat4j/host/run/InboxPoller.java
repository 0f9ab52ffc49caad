package io.heartbeat4j.host.run;

import io.heartbeat4j.client.SelfWakeResult;
import io.heartbeat4j.protocol.InboxItem;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.IssueStatus;
import io.heartbeat4j.protocol.SelfWakeRequest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls the inboxes of agents that have a timer and requests a run for an issue there that no run works on. An empty
 * inbox costs one small request and starts no run. Polls are spread over the period. Confined to the host's event loop.
 */
public final class InboxPoller {

  private static final Logger LOG = LoggerFactory.getLogger(InboxPoller.class);
  private static final String TIMER = "heartbeat4j_timer";
  private static final String HOLD_RELEASED = "heartbeat4j_hold_released";
  private static final double JITTER = 0.1;

  private final Vertx vertx;
  private final RandomGenerator random;
  private final TimerOwnership timers;
  private final List<AgentPoll> polls = new ArrayList<>();

  public InboxPoller(Vertx vertx, RandomGenerator random, TimerOwnership timers) {
    this.vertx = vertx;
    this.random = random;
    this.timers = timers;
  }

  /** Replaces the set of polled agents. */
  public void setAgents(Collection<HostedAgent> agents) {
    polls.forEach(AgentPoll::cancel);
    polls.clear();
    for (HostedAgent agent : agents) {
      agent.configuration().pollInterval().ifPresent(every -> {
        AgentPoll agentPoll = new AgentPoll(agent, every);
        polls.add(agentPoll);
        agentPoll.scheduleNext(random.nextDouble());
      });
    }
  }

  /**
   * Requests runs of the agent's issues at and below {@code root}, whose pause hold the board has released: the server
   * starts none by itself. It refuses those whose run the hold has stopped, until the board has looked at them.
   */
  public Future<Void> requestReleased(HostedAgent agent, IssueId root) {
    return timers.isOwned(agent.name())
        .compose(owned -> owned ? agent.session().inbox() : Future.succeededFuture(List.<InboxItem>of()))
        .compose(items -> Future.join(items.stream().filter(InboxPoller::isReadyForWork)
            .map(item -> isAtOrBelow(agent, item, root).compose(released -> released
                ? requestRun(agent, item, HOLD_RELEASED)
                : Future.succeededFuture()))
            .toList()))
        .<Void>mapEmpty()
        .onFailure(
            failure -> LOG.warn("{}: no run is asked for after a pause: {}", agent.name(), failure.getMessage()));
  }

  private static Future<Boolean> isAtOrBelow(HostedAgent agent, InboxItem item, IssueId root) {
    return item.id().equals(root) ? Future.succeededFuture(true)
        : agent.session().issueContext(item.id())
            .map(context -> context.ancestors().stream().anyMatch(above -> above.id().equals(root)));
  }

  private static Future<?> requestRun(HostedAgent agent, InboxItem item, String reason) {
    return agent.identity()
        .compose(self -> agent.session().wakeSelf(self.id(), SelfWakeRequest.now(item.id(), reason)))
        .onSuccess(answer -> {
          switch (answer) {
            case SelfWakeResult.Started started -> LOG.info("{}: asked for a run of {}", agent.name(), item.label());
            case SelfWakeResult.Skipped skipped ->
              LOG.info("{}: no run of {}: {}", agent.name(), item.label(), skipped.reason());
          }
        });
  }

  private final class AgentPoll {

    private final HostedAgent agent;
    private final Duration interval;
    private long timerId;
    private boolean cancelled;

    AgentPoll(HostedAgent agent, Duration every) {
      this.agent = agent;
      this.interval = every;
    }

    /** @param share of the period until the next poll */
    void scheduleNext(double share) {
      timerId = vertx.setTimer(Math.max(1, Math.round(interval.toMillis() * share)), now -> poll()
          .onFailure(failure -> LOG.debug("{}: the inbox could not be looked at", agent.name(), failure))
          .onComplete(done -> {
            if (!cancelled) {
              scheduleNext(1 - JITTER + 2 * JITTER * random.nextDouble());
            }
          }));
    }

    void cancel() {
      cancelled = true;
      vertx.cancelTimer(timerId);
    }

    private Future<?> poll() {
      return agent.isPaused()
          ? Future.succeededFuture()
          : timers.isOwned(agent.name()).compose(owned -> owned ? requestRun() : Future.succeededFuture());
    }

    private Future<?> requestRun() {
      return agent.session().inbox()
          .compose(items -> items.stream().filter(InboxPoller::isReadyForWork).findFirst()
              .<Future<?>>map(work -> InboxPoller.requestRun(agent, work, TIMER))
              .orElseGet(Future::succeededFuture));
    }
  }

  private static boolean isReadyForWork(InboxItem item) {
    return (item.status().equals(IssueStatus.TODO) || item.status().equals(IssueStatus.IN_PROGRESS))
        && item.isReady() && item.activeRun() == null;
  }
}
