package io.heartbeat4j.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.cli.demo.BoardClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The adapter of the distribution in the real server, put there by {@code heartbeat paperclip}; and agents with it. */
final class InstalledAdapter implements AutoCloseable {

  private final Path directory;

  InstalledAdapter(Path directory, HostProcess host) {
    this.directory = directory.resolve("adapter");
    assertThat(heartbeat("install", "--host-socket", host.socket().toString()))
        .contains("has loaded the adapter heartbeat4j").endsWith("exit code 0");
  }

  /** What {@code heartbeat paperclip} says, and its exit code. */
  String heartbeat(String command, String... more) {
    List<String> line = new ArrayList<>(List.of(System.getProperty("heartbeat.home") + "/bin/heartbeat", "paperclip",
        command, "--url", RealPaperclip.url(), "--directory", directory.toString()));
    line.addAll(List.of(more));
    try {
      Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return said + "exit code " + process.waitFor();
    } catch (IOException failure) {
      throw new java.io.UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  static String createAgent(BoardClient board, Map<String, Object> settings) {
    return board.post("/companies/" + board.company() + "/agents", Map.of(
        "name", "Wren", "role", "engineer", "adapterType", "heartbeat4j", "adapterConfig", settings))
        .path("id").asText();
  }

  static JsonNode onlyRun(BoardClient board, String agent) {
    assertThat(board.runs(agent)).hasSize(1);
    return board.get("/heartbeat-runs/" + board.runs(agent).get(0).path("id").asText());
  }

  @Override
  public void close() {
    assertThat(heartbeat("uninstall", "--force")).endsWith("exit code 0");
  }
}
