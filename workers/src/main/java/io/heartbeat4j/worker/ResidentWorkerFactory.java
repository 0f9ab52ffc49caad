package io.heartbeat4j.worker;

import java.util.Map;
import org.apiguardian.api.API;

/**
 * A factory whose workers may share a process with those of other runs (the setting {@code resident} of {@code heartbeat
 * run}). Each run brings its own environment and working directory, so such workers read neither {@code
 * System.getenv()} nor the process's directory, and keep nothing in static fields that belongs to a run. The workers of
 * every other factory get a process of their own for each run.
 *
 * @param <S> the record that the settings are bound to; its paths are resolved against the run's directory
 */
@API(status = API.Status.EXPERIMENTAL, since = "1.0")
public interface ResidentWorkerFactory<S extends Record> extends WorkerFactory<S> {

  /**
   * Makes a worker for one run, as {@link #create(Record)} does.
   *
   * @param environment the run's variables, in the place of {@code System.getenv()}
   */
  Worker create(S settings, Map<String, String> environment);
}
