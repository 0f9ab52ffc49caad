package io.heartbeat4j.host.run;

import io.heartbeat4j.protocol.RunId;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The runs that this host has: those that wait or run, and the last of those that have ended. Confined to its event loop. */
final class RunRegistry {

  private static final int MAX_RECENT = 200; // ended runs whose events may not have been read to the end

  private final Map<RunId, HostedRun> live = new LinkedHashMap<>();
  private final Map<RunId, HostedRun> recentlyEnded = new LinkedHashMap<>() {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<RunId, HostedRun> eldest) {
      boolean full = size() > MAX_RECENT;
      if (full) {
        eldest.getValue().log().ifPresent(RunLog::delete);
      }
      return full;
    }
  };

  void add(HostedRun run) {
    live.put(run.id(), run);
  }

  /** Forgets a live run; false where there is none. */
  boolean remove(HostedRun run) {
    return live.remove(run.id()) != null;
  }

  /** Keeps a run that has ended, for those who still read its events. */
  void end(HostedRun run) {
    live.remove(run.id());
    recentlyEnded.put(run.id(), run);
  }

  Collection<HostedRun> live() {
    return List.copyOf(live.values());
  }

  Optional<HostedRun> live(RunId id) {
    return Optional.ofNullable(live.get(id));
  }

  /** A run that is live or has ended lately. */
  Optional<HostedRun> find(RunId id) {
    return live(id).or(() -> Optional.ofNullable(recentlyEnded.get(id)));
  }
}
