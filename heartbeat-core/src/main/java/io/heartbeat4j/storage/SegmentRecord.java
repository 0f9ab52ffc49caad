package io.heartbeat4j.storage;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A record of a {@link SegmentLog}: where its lines are. Guarded by the log. */
final class SegmentRecord {

  /** Lines that follow one another in a segment; among them may be the mark that the record begins anew. */
  private record Chunk(LogSegment segment, long offset, int length) {}

  final String name;
  Instant changed;
  boolean claimed;
  /** The content while the record is claimed. */
  @Nullable
  ByteArrayOutputStream content;
  private List<Chunk> chunks = List.of();

  SegmentRecord(String name, Instant changed) {
    this.name = name;
    this.changed = changed;
  }

  boolean isEmpty() {
    return chunks.isEmpty();
  }

  boolean isIn(LogSegment segment) {
    return chunks.stream().anyMatch(chunk -> chunk.segment() == segment);
  }

  void add(LogSegment segment, long offset, int length, Instant now) {
    List<Chunk> more = new ArrayList<>(chunks.size() + 1);
    more.addAll(chunks);
    more.add(new Chunk(segment, offset, length));
    chunks = more;
    changed = now;
  }

  void moveTo(LogSegment segment, long offset, int length) {
    chunks = List.of(new Chunk(segment, offset, length));
  }

  /** Reads the content from the segments. Blocks. */
  byte[] read() throws IOException {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (Chunk chunk : chunks) {
      byte[] lines = chunk.segment().read(chunk.offset(), chunk.length());
      LogSegment.forEachLine(lines,
          (same, mark, from, offset, length) -> apply(lines, mark, from, offset + length, content));
    }
    return content.toByteArray();
  }

  /** Applies a line to the content that the lines before it have left. */
  static void apply(byte[] lines, byte mark, int from, int end, ByteArrayOutputStream content) {
    switch (mark) {
      case SegmentWrite.REPLACED -> content.reset();
      case SegmentWrite.LINE -> content.write(lines, from, end - from);
      default -> content.write(lines, from, end - 1 - from);
    }
  }
}
