package io.heartbeat4j.worker.agent.command;

/** The beginning and the end of a text that may be endless. Thread-safe. */
public final class HeadTailBuffer {

  private final int most;
  private final StringBuilder head = new StringBuilder();
  private final StringBuilder tail = new StringBuilder();
  private long dropped;

  public HeadTailBuffer(int most) {
    this.most = most;
  }

  public synchronized void add(char[] piece, int length) {
    int toHead = Math.min(length, most / 3 - head.length());
    head.append(piece, 0, Math.max(0, toHead));
    tail.append(piece, Math.max(0, toHead), length - Math.max(0, toHead));
    int room = most - most / 3;
    if (tail.length() > 2 * room) {
      cut(room);
    }
  }

  private void cut(int room) {
    int over = tail.length() - room;
    if (over > 0) {
      tail.delete(0, over);
      dropped += over;
    }
  }

  public synchronized String text() {
    cut(most - most / 3);
    return dropped == 0
        ? head.toString() + tail
        : head + "\n[... " + dropped + " characters left out ...]\n" + tail;
  }
}
