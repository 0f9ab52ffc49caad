package io.heartbeat4j.host.run;

import io.heartbeat4j.protocol.RunId;
import io.vertx.core.Future;
import io.vertx.core.file.FileSystem;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The logs of this host's runs, in a directory of its own. Those of an earlier host are deleted. */
final class RunLogs {

  private static final Logger LOG = LoggerFactory.getLogger(RunLogs.class);

  private final FileSystem files;
  private final String directory;
  private final Future<Void> emptied;

  RunLogs(FileSystem files, Path directory) {
    this.files = files;
    this.directory = directory.toString();
    this.emptied = files.exists(this.directory)
        .compose(exists -> exists ? files.deleteRecursive(this.directory) : Future.succeededFuture())
        .compose(free -> files.mkdirs(this.directory, "rwx------"))
        .onFailure(unusable -> LOG.warn("the logs of runs can't be kept in {}: {}", directory, unusable.getMessage()));
  }

  /** An empty log of the run. */
  RunLog open(RunId run) {
    return new RunLog(files, directory + "/" + run + ".jsonl", emptied);
  }
}
