package io.example.acme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.embedded.EmbeddedBoard;
import io.heartbeat4j.embedded.EmbeddedPaperclip;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive as an operator gets it: unpacked, listed, and started by a server's process adapter. */
class AcmeDistributionTest {

  private static final Duration LIMIT = Duration.ofSeconds(90);

  @TempDir static Path directory;
  private static Path home;

  @BeforeAll
  static void unpack() throws Exception {
    run("tar", "xzf", System.getProperty("archive"), "-C", directory.toString());
    home = directory.resolve("acme-agent");
  }

  @Test
  void it_has_the_shell_worker_and_its_own() throws Exception {
    String listed = run(home.resolve("bin/heartbeat").toString(), "workers");
    assertTrue(listed.lines().anyMatch(line -> line.startsWith("hello:")), listed);
    assertTrue(listed.lines().anyMatch(line -> line.startsWith("shell:")), listed);
    assertFalse(listed.contains("NOT USABLE"), listed);
    assertFalse(Files.exists(home.resolve("plugins/llm")), "it chose not to have the model worker");
    assertFalse(Files.exists(home.resolve("etc/demo")));
  }

  @Test
  void an_issue_is_done_by_an_agent_that_runs_it() throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      EmbeddedPaperclip server = await(EmbeddedPaperclip.start(vertx));
      EmbeddedBoard embeddedBoard = server.board();
      String company = id(embeddedBoard.createCompany("Acme"));
      String agent = id(embeddedBoard.createAgent(company, "Greeter", Map.of("adapterConfig", Map.of(
          "command", home.resolve("bin/heartbeat").toString(),
          "args", List.of("run", "--config", home.resolve("etc/heartbeat.yaml").toString()),
          "env", Map.of("HEARTBEAT_AOT", "off", "HEARTBEAT_STATE_DIR", directory.resolve("state").toString())))));
      String issue = id(embeddedBoard.createIssue(company, "Water the plants", Map.of("status", "todo", "assigneeAgentId", agent)));

      JsonNode run = ended(embeddedBoard, company, agent);

      String log = run.path("stdoutExcerpt").asText() + run.path("stderrExcerpt").asText();
      assertEquals("succeeded", run.path("status").asText(), log);
      assertEquals("done", await(embeddedBoard.readIssue(issue)).path("status").asText(), log);
      assertFalse(await(embeddedBoard.comments(issue)).path(0).path("body").asText().isBlank(), log);
    } finally {
      await(vertx.close());
    }
  }

  private static JsonNode ended(EmbeddedBoard embeddedBoard, String company, String agent) throws Exception {
    Instant end = Instant.now().plus(LIMIT);
    while (Instant.now().isBefore(end)) {
      JsonNode newest = await(embeddedBoard.runs(company, agent)).path(0);
      if (!newest.path("finishedAt").isNull() && !newest.path("finishedAt").isMissingNode()) {
        return await(embeddedBoard.readRun(newest.path("id").asText()));
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
    throw new AssertionError("the run has not ended within " + LIMIT);
  }

  private static String run(String... command) throws IOException, InterruptedException {
    Path output = Files.createTempFile(directory, "output", ".txt");
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().put("HEARTBEAT_AOT", "off");
    Process process = builder.start();
    if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(String.join(" ", command) + " has not ended within " + LIMIT);
    }
    String text = Files.readString(output);
    assertEquals(0, process.exitValue(), text);
    return text;
  }

  private static String id(Future<JsonNode> created) throws Exception {
    return await(created).path("id").asText();
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
  }
}
