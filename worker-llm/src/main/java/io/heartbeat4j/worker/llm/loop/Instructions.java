package io.heartbeat4j.worker.llm.loop;

import io.heartbeat4j.worker.llm.tool.Clip;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The operator's instructions for the agent, from files. */
final class Instructions {

  private static final int MOST = 60_000;

  private Instructions() {}

  /**
   * Reads them.
   *
   * @param workspace its real place: a link out of it is no instruction
   * @throws IOException if a file that the settings name can't be read
   */
  static String read(List<Path> files, Path workspace) throws IOException {
    if (files.isEmpty()) {
      Path usual = workspace.resolve("AGENTS.md");
      return Files.isRegularFile(usual) && usual.toRealPath().startsWith(workspace)
          ? Clip.middle(Files.readString(usual), MOST)
          : "";
    }
    StringBuilder all = new StringBuilder();
    for (Path file : files) {
      Path place = workspace.resolve(file);
      if (!Files.isReadable(place)) {
        throw new IOException("the instructions " + place + " can't be read; check the setting 'instructions'");
      }
      all.append(Files.readString(place).strip()).append("\n\n");
    }
    return Clip.middle(all.toString(), MOST);
  }
}
