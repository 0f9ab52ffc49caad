package io.heartbeat4j.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Promise;
import java.io.ByteArrayOutputStream;

/** A change of a {@link SegmentLog} that waits to be written, and the lines that it becomes. */
final class SegmentWrite {

  static final byte LINE = ':';
  static final byte PART = '.';
  static final byte REPLACED = '=';
  static final byte DELETED = '-';

  enum Kind {
    APPEND, REPLACE, DELETE, RELEASE, CLOSE
  }

  final String name;
  final Kind kind;
  final byte[] bytes;
  final boolean flush;
  final Promise<Void> done = Promise.promise();

  SegmentWrite(String name, Kind kind, byte[] bytes, boolean flush) {
    this.name = name;
    this.kind = kind;
    this.bytes = bytes;
    this.flush = flush;
  }

  /** Appends its lines; a change of what is in memory only has none. */
  void appendTo(ByteArrayOutputStream lines) {
    byte[] head = (name + "\t").getBytes(UTF_8);
    switch (kind) {
      case APPEND -> appendContent(head, lines);
      case REPLACE -> {
        appendMark(head, REPLACED, lines);
        appendContent(head, lines);
      }
      case DELETE -> appendMark(head, DELETED, lines);
      case RELEASE, CLOSE -> {
        // changes what is in memory only
      }
    }
  }

  private static void appendMark(byte[] head, byte mark, ByteArrayOutputStream lines) {
    lines.writeBytes(head);
    lines.write(mark);
    lines.write('\n');
  }

  private void appendContent(byte[] head, ByteArrayOutputStream lines) {
    int begin = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        lines.writeBytes(head);
        lines.write(LINE);
        lines.write(bytes, begin, i + 1 - begin);
        begin = i + 1;
      }
    }
    if (begin < bytes.length) {
      lines.writeBytes(head);
      lines.write(PART);
      lines.write(bytes, begin, bytes.length - begin);
      lines.write('\n');
    }
  }
}
