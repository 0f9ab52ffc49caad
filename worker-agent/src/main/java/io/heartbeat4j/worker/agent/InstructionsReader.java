package io.heartbeat4j.worker.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The operator's instructions for the agent: what the server keeps for it, then files. */
public final class InstructionsReader {

  private static final int MOST = 60_000;

  private InstructionsReader() {}

  /**
   * Reads them.
   *
   * @param kept by the server
   * @param workspace its real place: a link out of it is no instruction
   * @throws IOException if a file that the settings name can't be read
   */
  public static String read(Optional<String> kept, List<Path> files, Path workspace) throws IOException {
    StringBuilder all = new StringBuilder();
    kept.ifPresent(text -> all.append(text.strip()).append("\n\n"));
    Path usual = workspace.resolve("AGENTS.md");
    if (files.isEmpty() && Files.isRegularFile(usual) && usual.toRealPath().startsWith(workspace)) {
      all.append(Files.readString(usual));
    }
    for (Path file : files) {
      Path place = workspace.resolve(file);
      if (!Files.isReadable(place)) {
        throw new IOException("the instructions " + place + " can't be read; check the setting 'instructions'");
      }
      all.append(Files.readString(place).strip()).append("\n\n");
    }
    return TextTruncator.cutMiddle(all.toString().strip(), MOST);
  }

  /** The places in the workspace that instructions are read from, and where a link there leads to. */
  public static Set<String> places(List<Path> files, Path workspace) throws IOException {
    Set<String> places = new HashSet<>();
    for (Path file : Stream.concat(Stream.of("AGENTS.md", "CLAUDE.md").map(Path::of), files.stream()).toList()) {
      Path place = workspace.resolve(file).normalize();
      for (Path each : Files.exists(place) ? List.of(place, place.toRealPath()) : List.of(place)) {
        if (each.startsWith(workspace)) {
          places.add(workspace.relativize(each).toString());
        }
      }
    }
    return places;
  }
}
