package io.heartbeat4j.heartbeat;

import io.heartbeat4j.worker.Usage;
import io.heartbeat4j.worker.WorkResult;
import java.util.List;

/** What came of step 7: a result or a failure, and in both cases what it used. */
public sealed interface Worked {

  List<Usage> usage();

  /** The worker returned a result that is legal here. */
  record Returned(WorkResult result, List<Usage> usage) implements Worked {
    public Returned {
      usage = List.copyOf(usage);
    }
  }

  /** The worker did not. */
  record Failed(WorkFailure failure, List<Usage> usage) implements Worked {
    public Failed {
      usage = List.copyOf(usage);
    }
  }
}
