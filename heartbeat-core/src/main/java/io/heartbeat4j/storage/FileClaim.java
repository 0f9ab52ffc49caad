package io.heartbeat4j.storage;

import io.vertx.core.Future;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A record that this process alone may change: its file, locked. The system drops the lock with the channel, so at the
 * latest with the process.
 */
final class FileClaim extends RecordClaim {

  private final FileStorage storage;
  private final Path file;
  private final FileChannel channel;

  FileClaim(FileStorage storage, String name, Path file, FileChannel channel, byte[] content) {
    super(name, content);
    this.storage = storage;
    this.file = file;
    this.channel = channel;
  }

  /** Bytes of which the disk took only a part are taken back, so that the next ones follow whole ones. */
  @Override
  public Future<Void> append(byte[] bytes, boolean flush) {
    return storage.execute(() -> {
      requireClaimed();
      long end = channel.size();
      channel.position(end);
      try {
        OwnerOnlyFiles.write(channel, bytes);
      } catch (IOException failed) {
        channel.truncate(end);
        throw failed;
      }
      if (flush) {
        channel.force(true);
      }
      return this;
    }).mapEmpty();
  }

  @Override
  public Future<Void> delete() {
    return storage.execute(() -> {
      requireClaimed();
      try {
        Files.deleteIfExists(file);
      } finally {
        unlock();
      }
      return this;
    }).mapEmpty();
  }

  @Override
  public Future<Void> moveTo(String newName, byte[] newContent) {
    return channel.isOpen()
        ? storage.replace(newName, newContent).compose(moved -> delete())
        : delete(); // fails, since the claim has ended
  }

  @Override
  public Future<Void> release() {
    return storage.execute(() -> {
      requireClaimed();
      unlock();
      return this;
    }).mapEmpty();
  }

  private void requireClaimed() {
    if (!channel.isOpen()) {
      throw new ClaimLostException("the claim on " + name() + " has ended before");
    }
  }

  private void unlock() throws IOException {
    if (channel.isOpen()) {
      channel.close();
      FileStorage.forgetClaim(file);
    }
  }
}
