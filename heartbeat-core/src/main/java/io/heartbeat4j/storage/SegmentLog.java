package io.heartbeat4j.storage;

import io.vertx.core.Future;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;

/**
 * Storage for records that many agents of one process write at the same time: lines in append-only segment files, with
 * one flush for all that wait (group commit). A line is the record's name, a tab, a mark, and a line of its content. The
 * marks: {@code :} content and the end of a line, {@code .} content without the end of a line, {@code =} the record
 * begins anew, {@code -} the record is deleted.
 *
 * <p>The directory is this process's alone. All names are in memory, and the content of the claimed records; the content
 * of others is read from the segments. The oldest segment is deleted when none of its lines counts any more.
 */
final class SegmentLog implements GroupCommit.BatchWriter {

  private static final long SEGMENT_BYTES = 8L << 20;
  private static final int MAX_SEGMENTS = 8;

  private final Executor blocking;
  private final Clock clock;
  private final SegmentFolder files;
  private final GroupCommit commit;
  private final Deque<LogSegment> segments = new ArrayDeque<>(); // the writing thread's, but for reads
  private final TreeMap<String, SegmentRecord> records = new TreeMap<>(); // guarded by this

  private SegmentLog(SegmentFolder files, Executor blocking, Clock clock) {
    this.files = files;
    this.commit = new GroupCommit(files.directory().toString(), blocking, this);
    this.blocking = blocking;
    this.clock = clock;
  }

  /**
   * Opens or creates the log. Blocks.
   *
   * @param blocking runs what blocks; any number of actions at once
   * @throws IOException if the directory can't be used, in words for an operator
   */
  static SegmentLog open(Path directory, Executor blocking, Clock clock) throws IOException {
    SegmentFolder files = SegmentFolder.open(directory);
    try {
      SegmentLog log = new SegmentLog(files, blocking, clock);
      log.load();
      return log;
    } catch (IOException | RuntimeException failed) {
      files.unlock();
      throw failed;
    }
  }

  /** Moves all records to files; a record whose file exists is left here. Does nothing where the log is in use. */
  static void separate(Path directory, FileStorage storage, Clock clock) throws IOException {
    SegmentLog log;
    try {
      log = open(directory, Runnable::run, clock);
    } catch (IOException inUse) {
      return;
    }
    List<String> names;
    synchronized (log) {
      names = List.copyOf(log.records.keySet());
    }
    Future<Void> all = Future.succeededFuture();
    for (String name : names) {
      if (!storage.exists(name)) {
        all = all.compose(next -> log.read(name))
            .compose(content -> storage.replace(name, content.orElseThrow()))
            .compose(moved -> log.add(new SegmentWrite(name, SegmentWrite.Kind.DELETE, new byte[0], false)));
      }
    }
    all = all.eventually(log::close);
    if (all.failed()) { // complete by now: everything runs on this thread
      throw new IOException("what a host has left in " + directory + " can't be moved", all.cause());
    }
  }

  private void load() throws IOException {
    for (Path file : files.files()) {
      String name = file.getFileName().toString();
      long number = Long.parseLong(name.substring(name.indexOf('-') + 1, name.indexOf('.')));
      LogSegment segment = LogSegment.open(files.directory(), number);
      segments.add(segment);
      Instant changed = Files.getLastModifiedTime(file).toInstant();
      LogSegment.forEachLine(segment.read(0, Math.toIntExact(segment.size())),
          (record, mark, content, offset, length) -> load(record, mark, segment, offset, length, changed));
    }
    if (segments.isEmpty()) {
      segments.add(LogSegment.open(files.directory(), 1));
    }
  }

  private void load(String name, byte mark, LogSegment segment, long offset, int length, Instant changed) {
    switch (mark) {
      case SegmentWrite.DELETED -> records.remove(name);
      case SegmentWrite.REPLACED -> records.put(name, new SegmentRecord(name, changed));
      default -> records.computeIfAbsent(name, first -> new SegmentRecord(name, changed))
          .add(segment, offset, length, changed);
    }
  }

  synchronized boolean contains(String name) {
    return records.containsKey(name);
  }

  /** How many records are claimed. */
  synchronized long claimedCount() {
    return records.values().stream().filter(record -> record.claimed).count();
  }

  synchronized List<String> list(String folder) {
    int depth = folder.length() + 1;
    return below(folder).keySet().stream().filter(name -> name.indexOf('/', depth) < 0).toList();
  }

  synchronized List<String> folders(String folder) {
    String prefix = folder.isEmpty() ? "" : folder + "/";
    return (folder.isEmpty() ? records : below(folder)).keySet().stream()
        .filter(name -> name.indexOf('/', prefix.length()) > 0)
        .map(name -> name.substring(0, name.indexOf('/', prefix.length()))).distinct().toList();
  }

  private Map<String, SegmentRecord> below(String folder) {
    return records.subMap(folder + "/", folder + "0"); // '0' follows '/'
  }

  Future<Optional<byte[]>> read(String name) {
    SegmentRecord record;
    synchronized (this) {
      record = records.get(name);
      if (record == null) {
        return Future.succeededFuture(Optional.empty());
      }
      if (record.content != null) {
        return Future.succeededFuture(Optional.of(record.content.toByteArray()));
      }
    }
    return FileStorage.execute(blocking, () -> Optional.of(record.read()));
  }

  Future<Void> replace(String name, byte[] content) {
    return add(new SegmentWrite(name, SegmentWrite.Kind.REPLACE, content, true));
  }

  Future<Void> append(String name, byte[] bytes) {
    return add(new SegmentWrite(name, SegmentWrite.Kind.APPEND, bytes, false));
  }

  Future<Optional<Storage.Claim>> claim(String name) {
    SegmentRecord record;
    synchronized (this) {
      record = records.computeIfAbsent(name, first -> new SegmentRecord(name, clock.instant()));
      if (record.claimed) {
        return Future.succeededFuture(Optional.empty());
      }
      record.claimed = true;
      if (record.isEmpty()) {
        record.content = new ByteArrayOutputStream();
        return Future.succeededFuture(Optional.of(new SegmentClaim(this, name, new byte[0])));
      }
    }
    return FileStorage.execute(blocking, () -> {
      byte[] content = record.read();
      synchronized (this) {
        record.content = new ByteArrayOutputStream();
        record.content.writeBytes(content);
      }
      return Optional.<Storage.Claim>of(new SegmentClaim(this, name, content));
    }).onFailure(unreadable -> unclaim(record));
  }

  Future<List<Storage.Claim>> claimAll(String folder) {
    List<Future<Optional<Storage.Claim>>> claims = list(folder).stream().map(this::claim).toList();
    return Future.all(claims)
        .map(all -> claims.stream().map(Future::result).flatMap(Optional::stream).toList());
  }

  /** Deletes unclaimed records, in one write each, in the order of the names. */
  Future<Void> expire(String folder, Duration unchangedFor) {
    Instant limit = clock.instant().minus(unchangedFor);
    List<String> old;
    synchronized (this) {
      old = list(folder).stream().map(records::get).filter(Objects::nonNull)
          .filter(record -> !record.claimed && record.changed.isBefore(limit)).map(record -> record.name).toList();
    }
    return Future
        .all(old.stream().map(name -> add(new SegmentWrite(name, SegmentWrite.Kind.DELETE, new byte[0], false)))
            .toList())
        .mapEmpty();
  }

  private synchronized void unclaim(SegmentRecord record) {
    record.claimed = false;
    record.content = null;
    if (record.isEmpty()) {
      records.remove(record.name, record);
    }
  }

  /** Writes what waits, ends all claims, and closes. */
  Future<Void> close() {
    return add(new SegmentWrite("", SegmentWrite.Kind.CLOSE, new byte[0], true));
  }

  Future<Void> add(SegmentWrite write) {
    return commit.add(write);
  }

  @Override
  public void write(List<SegmentWrite> batch) {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    List<LongConsumer> applied = new ArrayList<>();
    boolean flush = false;
    boolean close = false;
    for (SegmentWrite write : batch) {
      flush |= write.flush;
      close |= write.kind == SegmentWrite.Kind.CLOSE;
      int begin = lines.size();
      write.appendTo(lines);
      int length = lines.size() - begin;
      applied.add(base -> apply(write, base + begin, length));
    }
    try {
      long base = lines.size() == 0 ? 0 : current().append(lines.toByteArray(), flush);
      synchronized (this) {
        applied.forEach(change -> change.accept(base));
      }
      if (current().size() > SEGMENT_BYTES) {
        rotate();
      }
      if (close) {
        closeFiles();
      }
    } catch (IOException | RuntimeException failed) {
      fail(batch, failed);
      return;
    }
    batch.forEach(write -> write.done.tryComplete());
  }

  /** Nothing of it is on disk; a claim that was to end has ended nevertheless. */
  @Override
  public void fail(List<SegmentWrite> batch, Exception failed) {
    synchronized (this) {
      batch.stream().filter(write -> write.kind == SegmentWrite.Kind.RELEASE).map(write -> records.get(write.name))
          .filter(Objects::nonNull).forEach(this::unclaim);
    }
    batch.forEach(write -> write.done.tryFail(failed));
  }

  private LogSegment current() {
    return segments.getLast();
  }

  /** Makes the change in memory, once it is on disk. */
  private void apply(SegmentWrite write, long begin, int length) {
    SegmentRecord record = records.get(write.name);
    switch (write.kind) {
      case APPEND, REPLACE -> {
        if (record == null || (write.kind == SegmentWrite.Kind.REPLACE && !record.claimed)) {
          record = new SegmentRecord(write.name, clock.instant());
          records.put(write.name, record);
        }
        record.add(current(), begin, length, clock.instant());
        if (record.content != null) {
          if (write.kind == SegmentWrite.Kind.REPLACE) {
            record.content.reset();
          }
          record.content.writeBytes(write.bytes);
        }
      }
      case DELETE -> records.remove(write.name);
      case RELEASE -> unclaim(Objects.requireNonNull(record));
      case CLOSE -> {
        // the files are closed after the whole batch
      }
    }
  }

  /** Begins a new segment; the oldest goes when none of its lines counts, and is emptied when there are too many. */
  private void rotate() throws IOException {
    segments.add(LogSegment.open(files.directory(), current().number + 1));
    while (segments.size() > 1) {
      List<SegmentRecord> live = recordsIn(segments.getFirst());
      if (!live.isEmpty() && segments.size() <= MAX_SEGMENTS) {
        return;
      }
      for (SegmentRecord record : live) {
        relocate(record);
      }
      segments.removeFirst().delete();
    }
  }

  private synchronized List<SegmentRecord> recordsIn(LogSegment segment) {
    return records.values().stream().filter(record -> record.isIn(segment)).toList();
  }

  private void relocate(SegmentRecord record) throws IOException {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    SegmentWrite copy = new SegmentWrite(record.name, SegmentWrite.Kind.REPLACE, record.read(), true);
    copy.appendTo(lines);
    long begin = current().append(lines.toByteArray(), true);
    synchronized (this) {
      record.moveTo(current(), begin, lines.size());
    }
  }

  private void closeFiles() throws IOException {
    for (LogSegment segment : segments) {
      segment.close();
    }
    files.unlock();
  }
}
