package io.heartbeat4j.heartbeat.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * One file for what many agents of a process note at the same time, so that one flush does for all of them, and no file is
 * made and deleted for each. It stands for files that grow: a line is the name of such a file, a tab and one line of it, or a
 * {@link #CLEARED mark} that the file is not needed any more.
 *
 * <p>It is its process' own while that lives. What a process has left in it is made into the files it stands for by {@link
 * Ledgers#separate}. Thread-safe, and never blocks: futures complete on the thread that writes.
 */
public final class Ledger {

  /** Behind the tab, of a file that is not needed any more. */
  static final String CLEARED = "-";

  /** Bytes. A longer one is written anew with what is still open in it. */
  static final long LONGEST = 8L << 20;

  private static final byte[] CLEARED_LINE = (CLEARED + "\n").getBytes(UTF_8);
  private static final byte[] NEW_LINE = {'\n'};
  private static final int ATTEMPTS = 10;

  private final Path root;
  private final Path file;
  private final Storage.Log claim;
  private final Executor files;
  private final Set<Page> open = ConcurrentHashMap.newKeySet();
  private List<Note> waiting = new ArrayList<>(); // guarded by this, as is the next
  private boolean writing;
  private FileChannel out; // the rest is the writing thread's
  private long longest = LONGEST;
  private boolean torn;

  private Ledger(Path root, String name, Storage.Log claim, Executor files) throws IOException {
    this.root = root;
    this.file = root.resolve(name + Ledgers.LINES);
    this.claim = claim;
    this.files = files;
    this.out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    Ledgers.flush(root);
  }

  /**
   * A new one for the files under {@code root}. Blocks.
   *
   * @param files where it writes; one action at a time
   * @throws IOException if the directory can't be written
   */
  public static Ledger open(Path root, Executor files) throws IOException {
    Files.createDirectories(root);
    Storage storage = new Folder(root);
    for (int i = 0; i < ATTEMPTS; i++) {
      String name = Ledgers.NAME + UUID.randomUUID();
      Optional<Storage.Log> claim = storage.log(name + Ledgers.CLAIM);
      if (claim.isPresent()) { // else somebody who looks for those of dead processes has just found it
        return new Ledger(root, name, claim.get(), files);
      }
    }
    throw new IOException("no ledger can be had in " + root);
  }

  /** Whether the directory lies where this ledger's files do. */
  public boolean covers(Path directory) {
    return directory.startsWith(root);
  }

  /** Begins a file in it. */
  public Page page(Path standsFor) {
    Page page = new Page(root.relativize(standsFor).toString());
    open.add(page);
    return page;
  }

  /** How many files are open in it. */
  public int size() {
    return open.size();
  }

  /** Writes what is waiting and gives it up; what is still open in it is left for {@link Ledgers#separate}. */
  public Future<Void> close() {
    return take(new Note(false) {
      @Override
      void write(ByteArrayOutputStream lines) throws IOException {
        try (Storage.Log ours = claim; FileChannel last = out) {
          Ledger.this.write(lines.toByteArray(), true);
          lines.reset();
          if (open.isEmpty()) {
            Files.deleteIfExists(file);
            ours.delete();
          }
        }
      }
    });
  }

  /** A file that grows in it. One call at a time. */
  public final class Page {

    private final String name;
    private final byte[] head;
    private final ByteArrayOutputStream all = new ByteArrayOutputStream();

    private Page(String name) {
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
          if (open.remove(Page.this)) {
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
          if (open.contains(Page.this)) {
            Ledgers.separate(root, name, Ledgers.read(all.toByteArray()).getOrDefault(name, ""));
            add(CLEARED_LINE, lines);
            open.remove(Page.this);
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
      files.execute(this::writeAll);
    }
    return note.done.future();
  }

  private synchronized List<Note> next() {
    List<Note> next = waiting;
    waiting = new ArrayList<>();
    writing = !next.isEmpty();
    return next;
  }

  private void writeAll() {
    for (List<Note> batch = next(); !batch.isEmpty(); batch = next()) {
      write(batch);
    }
  }

  private void write(List<Note> batch) {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    boolean flush = false;
    for (Note note : batch) {
      try {
        note.write(lines);
        flush |= note.flush;
      } catch (Exception failed) {
        note.done.fail(failed);
      }
    }
    try {
      write(lines.toByteArray(), flush);
      batch.forEach(note -> note.done.tryComplete());
    } catch (IOException failed) {
      batch.forEach(note -> note.done.tryFail(failed));
    }
  }

  private void write(byte[] lines, boolean flush) throws IOException {
    if (lines.length == 0) {
      return;
    }
    if (torn) {
      Folder.write(out, NEW_LINE);
    }
    torn = true; // until all is there
    Folder.write(out, lines);
    torn = false;
    if (flush) {
      out.force(false);
    }
    if (out.size() > longest) {
      try {
        longest = Math.max(LONGEST, 2 * shortened());
      } catch (IOException failed) {
        longest = 2 * out.size(); // all is in the long one, and the next write will say what is wrong with the disk
      }
    }
  }

  /** What is put in the place of the old one is complete and on disk, whenever the power goes. Its length. */
  private long shortened() throws IOException {
    Path next = root.resolve(file.getFileName() + Ledgers.NEXT);
    FileChannel fresh = FileChannel.open(
        next, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
    try {
      for (Page page : open) {
        Folder.write(fresh, page.all.toByteArray());
      }
      fresh.force(true);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException | RuntimeException failed) {
      fresh.close();
      throw failed;
    }
    out.close();
    out = fresh;
    Ledgers.flush(root);
    return out.size();
  }
}
