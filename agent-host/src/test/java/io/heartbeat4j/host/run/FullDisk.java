package io.heartbeat4j.host.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.util.concurrent.atomic.AtomicBoolean;
import org.h2.store.fs.FileBaseDefault;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/** The disk, where no file grows while it {@linkplain #isFull is full}. */
public final class FullDisk extends FilePathWrapper {

  static final String SCHEME = "full:";
  static final AtomicBoolean isFull = new AtomicBoolean();

  static void register() {
    FilePath.register(new FullDisk());
  }

  @Override
  public String getScheme() {
    return SCHEME.substring(0, SCHEME.length() - 1);
  }

  @Override
  public FileChannel open(String mode) throws IOException {
    FileChannel file = super.open(mode);
    return new FileBaseDefault() {

      @Override
      public synchronized int write(ByteBuffer from, long position) throws IOException {
        if (isFull.get() && position + from.remaining() > file.size()) {
          throw new IOException("No space left on device");
        }
        return file.write(from, position);
      }

      @Override
      public synchronized int read(ByteBuffer to, long position) throws IOException {
        return file.read(to, position);
      }

      @Override
      public long size() throws IOException {
        return file.size();
      }

      @Override
      protected void implTruncate(long size) throws IOException {
        file.truncate(size);
      }

      @Override
      public void force(boolean metaData) throws IOException {
        file.force(metaData);
      }

      @Override
      public FileLock tryLock(long position, long size, boolean shared) throws IOException {
        return file.tryLock(position, size, shared);
      }

      @Override
      protected void implCloseChannel() throws IOException {
        file.close();
      }
    };
  }
}
