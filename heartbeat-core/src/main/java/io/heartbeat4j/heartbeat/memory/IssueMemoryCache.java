package io.heartbeat4j.heartbeat.memory;

import io.heartbeat4j.client.Scheduler;
import io.heartbeat4j.protocol.IssueId;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Write-behind cache of an agent's issue memories for one heartbeat: each issue is read at most once, since only one
 * heartbeat of an agent works an issue at a time. Confined to the heartbeat's event loop.
 */
public final class IssueMemoryCache {

  private final Scheduler scheduler;
  private final AgentMemory memory;
  private final Map<IssueId, Future<Cached>> all = new HashMap<>();

  public IssueMemoryCache(Scheduler scheduler, AgentMemory memory) {
    this.scheduler = scheduler;
    this.memory = memory;
  }

  private static final class Cached {

    private AgentMemory.Stored stored;
    private IssueMemory latest;

    private Cached(AgentMemory.Stored stored) {
      this.stored = stored;
      this.latest = stored.memory();
    }
  }

  /** What the agent remembers of the issue, changes that are not yet written included. */
  public Future<IssueMemory> get(IssueId issue) {
    return cached(issue).map(cached -> cached.latest);
  }

  private Future<Cached> cached(IssueId issue) {
    return all.computeIfAbsent(issue, first -> scheduler.here(memory.read(issue)).map(Cached::new));
  }

  /** Changes the memory; it is written with the next {@link #write} of the issue, at the latest at {@link #flush}. */
  public Future<IssueMemory> update(IssueId issue, UnaryOperator<IssueMemory> change) {
    return cached(issue).map(cached -> {
      cached.latest = change.apply(cached.latest);
      return cached.latest;
    });
  }

  /** Changes the memory and writes it. */
  public Future<IssueMemory> write(IssueId issue, UnaryOperator<IssueMemory> change) {
    return update(issue, change).compose(latest -> flush(issue).map(latest));
  }

  private Future<Void> flush(IssueId issue) {
    return cached(issue).compose(cached -> {
      IssueMemory latest = cached.latest;
      return latest.equals(cached.stored.memory())
          ? Future.succeededFuture()
          : scheduler.here(memory.append(issue, cached.stored, latest))
              .onSuccess(stored -> cached.stored = stored).mapEmpty();
    });
  }

  /** Writes every change that is not yet written. */
  public Future<Void> flush() {
    return Future.join(List.copyOf(all.keySet()).stream().map(this::flush).toList()).mapEmpty();
  }
}
