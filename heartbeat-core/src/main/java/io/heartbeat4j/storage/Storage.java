package io.heartbeat4j.storage;

import io.vertx.core.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/**
 * Named records that survive the process. A name is a path of folders with {@code /} between them. Thread-safe; never
 * blocks, so it may be used on an event loop. Futures complete on any thread; they fail with a {@link
 * IOException} where the disk or the database fails.
 */
public interface Storage {

  /** The names of a folder's records, sorted, without those of its own folders; empty if there is no such folder. */
  Future<List<String>> list(String folder);

  /** The names of a folder's own folders, sorted. */
  Future<List<String>> folders(String folder);

  Future<Optional<byte[]>> read(String name);

  /** Replaces the record atomically: a reader sees the old or the new content. */
  Future<Void> replace(String name, byte[] content);

  /** Appends to a record, created if missing. Cheaper than replacing it. */
  Future<Void> append(String name, byte[] bytes);

  /**
   * Claims a record, created if missing; empty while a live process, this one included, has claimed it. A record that
   * was never written may be gone when its claim ends.
   */
  Future<Optional<Claim>> claim(String name);

  /** Claims every record of the folder that no live process has claimed, in the order of the names. */
  Future<List<Claim>> claimAll(String folder);

  /** Deletes the records of the folder that were not changed for that long. May keep them longer. */
  Future<Void> expire(String folder, Duration unchangedFor);

  /** Waits for an answer, on a thread that may block. */
  static <T> T await(Future<T> answer) throws IOException {
    try {
      return answer.toCompletionStage().toCompletableFuture().join();
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof IOException expected) {
        throw expected;
      }
      throw failed;
    }
  }

  /** The same storage, seen from a folder: names are relative to it. */
  default Storage in(String folder) {
    return new FolderView(this, folder + "/");
  }

  /**
   * The exclusive right to change a record. It ends with {@link #release}, {@link #delete}, or the process; at the
   * latest when the process has been silent for longer than its lease. From then on each call fails with a {@link
   * ClaimLostException} and changes nothing. One call at a time.
   */
  interface Claim {

    String name();

    /** The content when the record was claimed. */
    byte[] content();

    /**
     * Appends to the record.
     *
     * @param flush whether the bytes must survive a loss of power when the future completes
     */
    Future<Void> append(byte[] bytes, boolean flush);

    /** Deletes the record and ends the claim. */
    Future<Void> delete();

    /**
     * Gives the record another name, which no record has, and this content, and ends the claim. Survives a loss of
     * power when the future completes; a crash leaves the record under the old name or the new one, or both.
     */
    Future<Void> moveTo(String name, byte[] content);

    /** Keeps the record and ends the claim. */
    Future<Void> release();
  }
}
