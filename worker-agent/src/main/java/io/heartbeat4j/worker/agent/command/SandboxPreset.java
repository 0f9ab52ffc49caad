package io.heartbeat4j.worker.agent.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A sandbox that the operator names by one word instead of a command line: Debian's bubblewrap. A command then sees the
 * machine's files read-only, writes into the workspace and the scratch directory, has a {@code /tmp} of its own, sees
 * no process but its own, and what it leaves behind ends with it.
 */
public enum SandboxPreset {

  /** Without any network. */
  BUBBLEWRAP("bubblewrap", false),
  /** With the machine's network. */
  BUBBLEWRAP_WITH_NETWORK("bubblewrap-with-network", true);

  private static final List<String> COMMAND = List.of("bwrap", "--ro-bind", "/", "/", "--dev", "/dev", "--proc",
      "/proc",
      "--tmpfs", "/tmp", "--bind", "{scratch}", "{scratch}", "--bind", "{workspace}", "{workspace}", "--unshare-pid",
      "--die-with-parent", "--chdir", "{workspace}");
  private static final int SECONDS = 20;

  private final String word;
  private final boolean network;

  SandboxPreset(String word, boolean network) {
    this.word = word;
    this.network = network;
  }

  /** The command line of a setting: of the preset where it is the word of one, else the setting itself. */
  static List<String> expand(List<String> setting) {
    return Stream.of(values()).filter(preset -> setting.equals(List.of(preset.word))).findFirst()
        .map(preset -> preset.network ? COMMAND
            : Stream.concat(COMMAND.stream(), Stream.of("--unshare-net")).toList())
        .orElse(setting);
  }

  /**
   * Checks that a preset works here, by starting it once.
   *
   * @throws IllegalArgumentException if the setting is the word of a preset that does not, with the reason
   */
  public static void requireUsable(List<String> setting) {
    if (expand(setting).equals(setting)) {
      return;
    }
    List<String> line = new ArrayList<>(WorkspaceShell.filled(setting, Path.of("/tmp"), Path.of("/tmp")));
    line.add("true");
    try {
      Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
      process.getOutputStream().close();
      boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
      if (!ended || process.exitValue() != 0) {
        process.destroyForcibly();
        String told = ended ? new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip()
            : "no end after " + SECONDS + " s";
        throw new IllegalArgumentException("sandbox: " + setting.get(0) + " does not work here (" + told
            + "); it needs user namespaces, which some containers and kernels forbid");
      }
    } catch (IOException notThere) {
      throw new IllegalArgumentException("sandbox: " + setting.get(0) + " needs the program bwrap, such as from the"
          + " package bubblewrap: " + notThere.getMessage(), notThere);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalArgumentException("sandbox: the check was interrupted", interrupted);
    }
  }
}
