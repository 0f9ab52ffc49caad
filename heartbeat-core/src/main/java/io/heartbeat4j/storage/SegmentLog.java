package io.heartbeat4j.storage;

import io.vertx.core.Future;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
import java.util.stream.Stream;

/**
 * Storage for records that many agents of one process write at the same time: lines in append-only segment files, with
 * one flush for all that wait (group commit). A line is the record's name, a tab, a mark, and a line of its content. The
 * marks: {@code :} content and the end of a line, {@code .} content without the end of a line, {@code =} the record
 * begins anew, {@code -} the record is deleted.
 *
 * <p>The directory is this process's alone. All names are in memory, and the content of the claimed records; the content
 * of others is read from the segments. The oldest segment is deleted when none of its lines counts any more.
 */
final class SegmentLog {

  private static final long SEGMENT_BYTES = 8L << 20;
  private static final int MAX_SEGMENTS = 8;
  private static final int BATCHES = 100;

  private final Executor blocking;
  private final Clock clock;
  private final Path directory;
  private final FileChannel lock;
  private final Deque<LogSegment> segments = new ArrayDeque<>(); // the writing thread's, but for reads
  private final TreeMap<String, SegmentRecord> records = new TreeMap<>(); // guarded by this, as is the next
  private List<SegmentWrite> waiting = new ArrayList<>();
  private boolean writing;
  private boolean closed;

  private SegmentLog(Path directory, FileChannel lock, Executor blocking, Clock clock) {
    this.directory = directory;
    this.lock = lock;
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
    FileStorage.createDirectories(directory);
    FileChannel lock = FileStorage.open(directory.resolve("lock"), StandardOpenOption.CREATE,
        StandardOpenOption.WRITE);
    try {
      if (!isLocked(lock)) {
        throw new IOException("another host uses " + directory + ": stop it, or set another 'state-dir'");
      }
      SegmentLog log = new SegmentLog(directory, lock, blocking, clock);
      log.load();
      return log;
    } catch (IOException | RuntimeException failed) {
      lock.close();
      throw failed;
    }
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (java.nio.channels.OverlappingFileLockException sameProcess) {
      return false;
    }
  }

  /** The content of the live records in a directory that another process may be writing to. Blocks. */
  static Map<String, byte[]> scan(Path directory) throws IOException {
    TreeMap<String, ByteArrayOutputStream> found = new TreeMap<>();
    for (Path file : files(directory)) {
      byte[] lines = Files.readAllBytes(file);
      LogSegment.forEachLine(lines, (name, mark, content, offset, length) -> {
        if (mark == SegmentWrite.DELETED) {
          found.remove(name);
        } else {
          SegmentRecord.apply(lines, mark, content, offset + length,
              found.computeIfAbsent(name, first -> new ByteArrayOutputStream()));
        }
      });
    }
    TreeMap<String, byte[]> contents = new TreeMap<>();
    found.forEach((name, content) -> contents.put(name, content.toByteArray()));
    return contents;
  }

  /** Moves all records to files; a record whose file exists is left here. Does nothing where the log is in use. */
  static void separate(Path directory, FileStorage files, Clock clock) throws IOException {
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
      if (!files.exists(name)) {
        all = all.compose(next -> log.read(name))
            .compose(content -> files.replace(name, content.orElseThrow()))
            .compose(moved -> log.add(new SegmentWrite(name, SegmentWrite.Kind.DELETE, new byte[0], false)));
      }
    }
    all = all.eventually(log::close);
    if (all.failed()) { // complete by now: everything runs on this thread
      throw new IOException("what a host has left in " + directory + " can't be moved", all.cause());
    }
  }

  private static List<Path> files(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(file -> file.getFileName().toString().startsWith("segment-")).sorted().toList();
    }
  }

  private void load() throws IOException {
    for (Path file : files(directory)) {
      String name = file.getFileName().toString();
      long number = Long.parseLong(name.substring(name.indexOf('-') + 1, name.indexOf('.')));
      LogSegment segment = LogSegment.open(directory, number);
      segments.add(segment);
      Instant changed = Files.getLastModifiedTime(file).toInstant();
      LogSegment.forEachLine(segment.read(0, Math.toIntExact(segment.size())),
          (record, mark, content, offset, length) -> load(record, mark, segment, offset, length, changed));
    }
    if (segments.isEmpty()) {
      segments.add(LogSegment.open(directory, 1));
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
    boolean start;
    synchronized (this) {
      if (closed) {
        return Future.failedFuture(new IOException(directory + " is closed"));
      }
      closed = write.kind == SegmentWrite.Kind.CLOSE;
      waiting.add(write);
      start = !writing;
      writing = true;
    }
    if (start) {
      try {
        blocking.execute(this::writeSome);
      } catch (RuntimeException ended) { // the threads of a process that is ending
        fail(next(), new IOException(directory + " can't be written any more: the process is ending", ended));
      }
    }
    return write.done.future();
  }

  private synchronized List<SegmentWrite> next() {
    List<SegmentWrite> next = waiting;
    waiting = new ArrayList<>();
    writing = !next.isEmpty();
    return next;
  }

  /** Some batches, then others get the thread. */
  private void writeSome() {
    for (int i = 0; i < BATCHES; i++) {
      List<SegmentWrite> batch = next();
      if (batch.isEmpty()) {
        return;
      }
      write(batch);
    }
    blocking.execute(this::writeSome);
  }

  private void write(List<SegmentWrite> batch) {
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
  private void fail(List<SegmentWrite> batch, Exception failed) {
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
    segments.add(LogSegment.open(directory, current().number + 1));
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
    lock.close();
  }
}
