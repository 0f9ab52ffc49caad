package io.heartbeat4j.heartbeat;

import io.heartbeat4j.client.Loop;
import io.heartbeat4j.heartbeat.state.AgentMemory;
import io.heartbeat4j.heartbeat.state.IssueMemory;
import io.heartbeat4j.heartbeat.state.Recollection;
import io.heartbeat4j.protocol.IssueId;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What the agent remembers in one heartbeat: of each issue its file is read once, since nobody else writes to it meanwhile.
 * Confined to the heartbeat's event loop.
 */
final class Recollections {

  private final Loop loop;
  private final AgentMemory memory;
  private final Map<IssueId, Future<Recalled>> all = new HashMap<>();

  Recollections(Loop loop, AgentMemory memory) {
    this.loop = loop;
    this.memory = memory;
  }

  private static final class Recalled {

    private Recollection kept;
    private IssueMemory latest;

    private Recalled(Recollection kept) {
      this.kept = kept;
      this.latest = kept.memory();
    }
  }

  Future<IssueMemory> latest(IssueId issue) {
    return recall(issue).map(recalled -> recalled.latest);
  }

  private Future<Recalled> recall(IssueId issue) {
    return all.computeIfAbsent(issue, first -> loop.blocking(() -> memory.recall(issue)).map(Recalled::new));
  }

  /** Changes it; written with the next that is {@linkplain #keep kept} of the issue, or with {@link #keepAll all}. */
  Future<IssueMemory> note(IssueId issue, UnaryOperator<IssueMemory> change) {
    return recall(issue).map(recalled -> {
      recalled.latest = change.apply(recalled.latest);
      return recalled.latest;
    });
  }

  /** Writes what is known of the issue by now, where it was changed. */
  Future<Void> keep(IssueId issue) {
    return recall(issue).compose(recalled -> {
      IssueMemory latest = recalled.latest;
      return latest.equals(recalled.kept.memory())
          ? Future.succeededFuture()
          : loop.blocking(() -> memory.keep(issue, recalled.kept, latest))
              .onSuccess(kept -> recalled.kept = kept).mapEmpty();
    });
  }

  Future<Void> keepAll() {
    return Future.join(List.copyOf(all.keySet()).stream().map(this::keep).toList()).mapEmpty();
  }
}
