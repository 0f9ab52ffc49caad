package io.heartbeat4j.worker.agent.file;

import io.heartbeat4j.worker.agent.ToolCallException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Files of the workspace as text, exactly: what is not UTF-8 is refused, not mended. */
public final class Utf8FileAccess {

  public static final int MOST_BYTES = 5_000_000;

  private Utf8FileAccess() {}

  public static String read(ConfinedWorkspace confinedWorkspace, Path place) throws IOException, ToolCallException {
    byte[] bytes = confinedWorkspace.read(place, MOST_BYTES);
    for (byte each : bytes) {
      if (each == 0) {
        throw new ToolCallException(place + " is not a text");
      }
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException other) {
      throw new ToolCallException(place + " is not a text in UTF-8");
    }
  }

  public static void write(ConfinedWorkspace confinedWorkspace, Path place, String text)
      throws IOException, ToolCallException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > MOST_BYTES) {
      throw new ToolCallException("a file has at most " + MOST_BYTES + " bytes");
    }
    confinedWorkspace.write(place, bytes);
  }

  /** Lines with their numbers, from {@code first} (which counts from 1). */
  public static String withLineNumbers(String[] lines, int first, int last, int width) {
    StringBuilder text = new StringBuilder();
    for (int i = first; i <= last; i++) {
      String line = lines[i - 1];
      text.append(i).append('\t').append(line.length() > width ? line.substring(0, width) + "..." : line).append('\n');
    }
    return text.toString();
  }
}
