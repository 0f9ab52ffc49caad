package io.heartbeat4j.heartbeat.outcome;

import io.heartbeat4j.worker.ProviderUsage;
import io.heartbeat4j.worker.WorkResult;
import java.util.List;

/**
 * What came of step 7 for a checked-out issue: the worker's result, its failure, or a policy's disposition where no
 * work was due. It is in the write-ahead log before the first write that follows from it.
 */
public sealed interface WorkOutcome {

  /** What the work used, whether it succeeded or not. */
  List<ProviderUsage> usage();

  /** The worker returned a result that is legal here. */
  record Returned(WorkResult result, List<ProviderUsage> usage) implements WorkOutcome {
    public Returned {
      usage = List.copyOf(usage);
    }
  }

  /** The worker failed, was stopped, or returned something that is not legal here. */
  record Failed(WorkFailure failure, List<ProviderUsage> usage) implements WorkOutcome {
    public Failed {
      usage = List.copyOf(usage);
    }
  }

  /**
   * The worker's result asks for more subtasks than the agent makes by itself: {@code ask} asks a person, and the
   * result is kept until the answer.
   */
  record Held(WorkResult result, Disposition.BlockedByCard ask, List<ProviderUsage> usage) implements WorkOutcome {
    public Held {
      usage = List.copyOf(usage);
    }
  }

  /** The worker was not called: a policy decided how the issue is left. */
  record Skipped(Disposition disposition) implements WorkOutcome {
    @Override
    public List<ProviderUsage> usage() {
      return List.of();
    }
  }
}
