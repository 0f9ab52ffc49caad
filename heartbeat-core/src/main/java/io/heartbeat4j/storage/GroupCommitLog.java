package io.heartbeat4j.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * One file for what many agents of a process note at the same time, so that one flush does for all of them, and no file
 * is made and deleted for each. It stands for files that grow: a line is the name of such a file, a tab and one line of
 * it, or a {@link #CLEARED mark} that the file is not needed any more.
 *
 * <p>It is its process' own while that lives. What a process has left in it is made into the files it stands for by
 * {@link GroupCommitRecovery#separate}. Thread-safe, and never blocks: futures complete on the thread that writes.
 */
public final class GroupCommitLog {

  /** Behind the tab, of a file that is not needed any more. */
  static final String CLEARED = "-";

  private static final byte[] CLEARED_LINE = (CLEARED + "\n").getBytes(UTF_8);
  private static final int ATTEMPTS = 10;
  private static final int BATCHES = 100;
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);

  private final Path root;
  private final GroupCommitFile file;
  private final Storage.LockedFile claim;
  private final Executor files;
  private final Set<Segment> open = ConcurrentHashMap.newKeySet();
  private List<Note> waiting = new ArrayList<>(); // guarded by this, as is the next
  private boolean writing;
  private final Object looking = new Object();
  private Instant looked = Instant.MIN; // guarded by looking

  private GroupCommitLog(Path root, GroupCommitFile file, Storage.LockedFile claim, Executor files) {
    this.root = root;
    this.file = file;
    this.claim = claim;
    this.files = files;
  }

  /**
   * A new one for the files under {@code root}. Blocks.
   *
   * @param files where it writes; one action at a time
   * @throws IOException if the directory can't be written
   */
  public static GroupCommitLog open(Path root, Executor files) throws IOException {
    Files.createDirectories(root);
    Storage storage = new FileStorage(root);
    for (int i = 0; i < ATTEMPTS; i++) {
      String name = GroupCommitRecovery.NAME + UUID.randomUUID();
      Optional<Storage.LockedFile> claim = storage.lock(name + GroupCommitRecovery.CLAIM);
      if (claim.isPresent()) { // else somebody who looks for those of dead processes has just found it
        return opened(root, name, claim.get(), files);
      }
    }
    throw new IOException("no ledger can be had in " + root);
  }

  private static GroupCommitLog opened(Path root, String name, Storage.LockedFile claim, Executor files)
      throws IOException {
    try {
      return new GroupCommitLog(root, new GroupCommitFile(root, name + GroupCommitRecovery.LINES), claim, files);
    } catch (IOException failed) {
      try (claim) {
        claim.delete();
      } catch (IOException also) {
        failed.addSuppressed(also);
      }
      throw failed;
    }
  }

  /** Whether the directory lies where this ledger's files do. */
  public boolean covers(Path directory) {
    return directory.startsWith(root);
  }

  /**
   * {@linkplain GroupCommitRecovery#separate Separates} what dead processes have left under the same directory, so that
   * who looks for one of its files finds it; not more often than four times a second. Blocks.
   *
   * @throws IOException if one can't be read or a file can't be written
   */
  public void takeUpOthers(Instant now) throws IOException {
    synchronized (looking) {
      if (looked.equals(Instant.MIN) || Duration.between(looked, now).abs().compareTo(BETWEEN_LOOKS) >= 0) {
        GroupCommitRecovery.separate(root);
        looked = now;
      }
    }
  }

  /** Begins a file in it. */
  public Segment page(Path standsFor) {
    Segment page = new Segment(root.relativize(standsFor).toString());
    open.add(page);
    return page;
  }

  /** How many files are open in it. */
  public int size() {
    return open.size();
  }

  /**
   * Writes what is waiting and gives it up; what is still open in it is left for {@link GroupCommitRecovery#separate}.
   */
  public Future<Void> close() {
    return take(new Note(false) {
      @Override
      void write(ByteArrayOutputStream lines) throws IOException {
        try (Storage.LockedFile ours = claim; GroupCommitFile last = file) {
          last.write(lines.toByteArray(), true);
          lines.reset();
          if (open.isEmpty()) {
            last.delete();
            ours.delete();
          }
        }
      }
    });
  }

  /** A file that grows in it. One call at a time. */
  public final class Segment {

    private final String name;
    private final byte[] head;
    private final ByteArrayOutputStream all = new ByteArrayOutputStream();

    private Segment(String name) {
      this.name = name;
      this.head = (name + "\t").getBytes(UTF_8);
    }

    /**
     * Adds a line to it, with its end.
     *
     * @param line asked on the writing thread
     * @param flush whether it has to survive a loss of power when the future completes
     */
    public Future<Void> add(Callable<byte[]> line, boolean flush) {
      return take(new Note(flush) {
        @Override
        void write(ByteArrayOutputStream lines) throws Exception {
          byte[] own = line.call();
          add(own, all);
          add(own, lines);
        }
      });
    }

    /** Nothing of it is needed any more. */
    public Future<Void> clear() {
      return take(new Note(false) {
        @Override
        void write(ByteArrayOutputStream lines) {
          if (open.remove(Segment.this)) {
            add(CLEARED_LINE, lines);
          }
        }
      });
    }

    /** Makes it a file of its own from now on. */
    public Future<Void> close() {
      return take(new Note(true) {
        @Override
        void write(ByteArrayOutputStream lines) throws IOException {
          if (open.contains(Segment.this)) {
            GroupCommitRecovery.separate(root, name,
                GroupCommitRecovery.read(all.toByteArray()).getOrDefault(name, ""));
            add(CLEARED_LINE, lines);
            open.remove(Segment.this);
          }
        }
      });
    }

    private void add(byte[] line, ByteArrayOutputStream to) {
      to.writeBytes(head);
      to.writeBytes(line);
    }
  }

  /** Something to be written. */
  private abstract static class Note {

    final boolean flush;
    final Promise<Void> done = Promise.promise();

    Note(boolean flush) {
      this.flush = flush;
    }

    abstract void write(ByteArrayOutputStream lines) throws Exception;
  }

  private Future<Void> take(Note note) {
    boolean start;
    synchronized (this) {
      waiting.add(note);
      start = !writing;
      writing = true;
    }
    if (start) {
      files.execute(this::writeSome);
    }
    return note.done.future();
  }

  private synchronized List<Note> next() {
    List<Note> next = waiting;
    waiting = new ArrayList<>();
    writing = !next.isEmpty();
    return next;
  }

  /** Some batches, and then it is others' turn on that thread. */
  private void writeSome() {
    for (int i = 0; i < BATCHES; i++) {
      List<Note> batch = next();
      if (batch.isEmpty()) {
        return;
      }
      write(batch);
    }
    files.execute(this::writeSome);
  }

  private void write(List<Note> batch) {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    boolean flush = false;
    for (Note note : batch) {
      try {
        note.write(lines);
        flush |= note.flush;
      } catch (Throwable failed) { // whatever it is: the others' lines are written
        note.done.fail(failed);
      }
    }
    try {
      if (lines.size() > 0) {
        file.write(lines.toByteArray(), flush);
      }
      batch.forEach(note -> note.done.tryComplete());
      if (file.isLong()) {
        file.shorten(open.stream().map(page -> page.all.toByteArray()).toList());
      }
    } catch (IOException failed) {
      batch.forEach(note -> note.done.tryFail(failed));
    }
  }
}
