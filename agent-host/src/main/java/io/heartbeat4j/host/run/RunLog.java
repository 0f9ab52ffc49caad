package io.heartbeat4j.host.run;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.FileSystem;
import io.vertx.core.file.OpenOptions;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of one run, as lines of JSON in a file: a reader gets it whole and in order from any offset, as fast as it
 * reads, and the host keeps none of it in memory. Who appends waits for the disk, not for a reader, so that a reader
 * that is away does not stop the work. Confined to the host's event loop.
 */
public final class RunLog {

  /** How much is read at once; more than the longest line. */
  static final int CHUNK = 64 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(RunLog.class);

  private final FileSystem files;
  private final String path;
  private final Future<AsyncFile> file;
  private final Set<Runnable> followers = new LinkedHashSet<>();
  private Buffer unwritten = Buffer.buffer();
  private Promise<Void> nextWrite = Promise.promise();
  private Future<Void> lastWrite = Future.succeededFuture();
  private boolean writing;
  private long length;

  /** @param directory completes when a file can be made at the path */
  RunLog(FileSystem files, String path, Future<Void> directory) {
    this.files = files;
    this.path = path;
    this.file = directory.compose(ready -> files.open(path,
        new OpenOptions().setRead(true).setWrite(true).setTruncateExisting(true).setPerms("rw-------")));
    file.onFailure(unwritable -> LOG.warn("the log of a run can't be kept in {} ({}): its steps are not shown", path,
        unwritable.getMessage()));
  }

  /** Completes when the lines can be read; where the disk fails, without them. */
  Future<Void> append(List<LogLine> lines) {
    lines.forEach(line -> unwritten.appendBuffer(line.toJson()));
    Future<Void> written = nextWrite.future();
    write();
    return written;
  }

  private void write() {
    if (writing || unwritten.length() == 0) {
      return;
    }
    writing = true;
    Buffer batch = unwritten;
    Promise<Void> done = nextWrite;
    unwritten = Buffer.buffer();
    nextWrite = Promise.promise();
    lastWrite = done.future();
    file.compose(open -> open.write(batch, length)).onComplete(written -> {
      writing = false;
      if (written.succeeded()) {
        length += batch.length();
      } else {
        LOG.debug("lines of a run's log are lost in {}", path, written.cause());
      }
      done.complete();
      List.copyOf(followers).forEach(Runnable::run);
      write();
    });
  }

  /** Completes when all that was appended can be read. */
  public Future<Void> flushed() {
    return unwritten.length() > 0 ? nextWrite.future() : lastWrite;
  }

  /** In bytes. */
  public long length() {
    return length;
  }

  /** Whole lines from the offset of a line on; fewer than there are. */
  public Future<Buffer> read(long offset) {
    int most = (int) Math.min(CHUNK, length - offset);
    return file.compose(open -> open.read(Buffer.buffer(most), 0, offset, most)).map(read -> {
      int end = read.length();
      while (end > 0 && read.getByte(end - 1) != '\n') {
        end--;
      }
      return read.getBuffer(0, end);
    });
  }

  /** Calls the follower each time there is more to read. The returned action ends that. */
  public Runnable follow(Runnable follower) {
    followers.add(follower);
    return () -> followers.remove(follower);
  }

  /** Closes and deletes the file. */
  void delete() {
    file.compose(AsyncFile::close).eventually(() -> files.delete(path))
        .onFailure(left -> LOG.debug("the log {} is left to the next start", path, left));
  }
}
