package io.heartbeat4j.worker.llm.provider;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** A stream that fails where its next piece does not come in time: a provider may stop in the middle of an answer. */
final class IdleTimeoutStream extends FilterInputStream {

  private final Duration idleTimeout;
  private final Thread watch;
  private volatile long lastNanos = System.nanoTime();
  private volatile boolean late;
  private volatile boolean closed;

  IdleTimeoutStream(InputStream stream, Duration patience) {
    super(stream);
    this.idleTimeout = patience;
    this.watch = Thread.startVirtualThread(this::watch);
  }

  private void watch() {
    try {
      while (!closed) {
        long left = idleTimeout.toNanos() - (System.nanoTime() - lastNanos);
        if (left <= 0) {
          late = true;
          in.close();
          return;
        }
        Thread.sleep(Duration.ofNanos(left));
      }
    } catch (InterruptedException | IOException over) {
      // the reader has closed it
    }
  }

  @Override
  public int read() throws IOException {
    return checkTimeout(in.read());
  }

  @Override
  public int read(byte[] bytes, int from, int most) throws IOException {
    try {
      return checkTimeout(in.read(bytes, from, most));
    } catch (IOException failed) {
      throw late ? tooLate() : failed;
    }
  }

  private int checkTimeout(int read) throws IOException {
    if (late) {
      throw tooLate();
    }
    lastNanos = System.nanoTime();
    return read;
  }

  private IOException tooLate() {
    return new IOException("nothing came for " + idleTimeout.toSeconds() + " s");
  }

  @Override
  public void close() throws IOException {
    closed = true;
    watch.interrupt();
    super.close();
  }
}
