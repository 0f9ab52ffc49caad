package io.heartbeat4j.worker.llm.provider;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** A stream that fails where its next piece does not come in time: a provider may stop in the middle of an answer. */
final class PatientStream extends FilterInputStream {

  private final Duration patience;
  private final Thread watch;
  private volatile long lastNanos = System.nanoTime();
  private volatile boolean late;
  private volatile boolean closed;

  PatientStream(InputStream stream, Duration patience) {
    super(stream);
    this.patience = patience;
    this.watch = Thread.startVirtualThread(this::watch);
  }

  private void watch() {
    try {
      while (!closed) {
        long left = patience.toNanos() - (System.nanoTime() - lastNanos);
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
    return told(in.read());
  }

  @Override
  public int read(byte[] bytes, int from, int most) throws IOException {
    try {
      return told(in.read(bytes, from, most));
    } catch (IOException failed) {
      throw late ? tooLate() : failed;
    }
  }

  private int told(int read) throws IOException {
    if (late) {
      throw tooLate();
    }
    lastNanos = System.nanoTime();
    return read;
  }

  private IOException tooLate() {
    return new IOException("nothing came for " + patience.toSeconds() + " s");
  }

  @Override
  public void close() throws IOException {
    closed = true;
    watch.interrupt();
    super.close();
  }
}
