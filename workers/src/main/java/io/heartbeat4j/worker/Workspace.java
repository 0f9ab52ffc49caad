package io.heartbeat4j.worker;

import java.nio.file.Path;
import java.util.Optional;
import org.apiguardian.api.API;

/** The directories that the work may use. Thread-safe; the runtime implements it. */
@API(status = API.Status.STABLE, since = "1.0")
public interface Workspace {

  /** The directory that the server prepared for the run, where it named one that exists here. */
  Optional<Path> directory();

  /** A directory for this run only; deleted when the work has ended. */
  Path scratchDirectory();

  /** A directory that is kept for this agent and issue across heartbeats. */
  Path stateDirectory();
}
