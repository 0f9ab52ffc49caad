package io.heartbeat4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.embedded.EmbeddedPaperclip;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A command that says what it should not: none of it reaches the run's log or the issue. */
class SecretMaskingIT {

  private final Vertx vertx = Vertx.vertx();
  private final String secret = UUID.randomUUID().toString();

  @TempDir
  Path directory;

  private EmbeddedPaperclip server;

  @BeforeEach
  void open() {
    server = await(EmbeddedPaperclip.start(vertx));
  }

  @AfterEach
  void close() {
    await(vertx.close());
  }

  private record Output(String log, String issue) {}

  private Output run(String script, Map<String, String> settings) throws Exception {
    Path file = Files.writeString(directory.resolve("work.sh"), script);
    String company = await(server.board().createCompany("Secrets")).path("id").asText();
    String agent = await(server.board().createAgent(company, "Wren", Map.of())).path("id").asText();
    BlockingQueue<Output> ends = new LinkedBlockingQueue<>();
    server.setWakeHandler(agent, wake -> vertx.executeBlocking(() -> {
      Map<String, String> environment = new HashMap<>(wake.environment());
      environment.putAll(Map.of("PATH", System.getenv("PATH"), "HOME", directory.toString(), "HEARTBEAT_AOT", "off",
          "HEARTBEAT_WORKER", "shell", "HEARTBEAT_WORKER_COMMAND", "[\"sh\", \"" + file + "\"]", "A_TOKEN", secret));
      environment.putAll(settings);
      DistributionProcess.ProcessResult end = DistributionProcess.heartbeat(environment, "run");
      String log = (end.out() + end.err()).replace(wake.token(), "THE KEY").replace(secret, "THE SECRET");
      String issue = wake.context().path("issueId").asText();
      ends.add(new Output(log, await(server.board().comments(issue)).toString()
          .replace(wake.token(), "THE KEY").replace(secret, "THE SECRET")));
      return end.code();
    }, false));
    await(server.board().createIssue(company, "Tell me", Map.of("status", "todo", "assigneeAgentId", agent)));
    Output output = ends.poll(120, TimeUnit.SECONDS);
    assertThat(output).isNotNull();
    return output;
  }

  private static void hides(Output output) {
    assertThat(output.log()).contains("before", "after").doesNotContain("THE KEY", "THE SECRET");
    assertThat(output.issue()).contains("before", "after").doesNotContain("THE KEY", "THE SECRET");
  }

  @Test
  void a_key_that_is_printed_in_two_pieces_is_masked() throws Exception {
    hides(run("""
        printf 'before '
        printf '%s' "$PAPERCLIP_API_KEY" | head -c 20
        sleep 0.3
        printf '%s' "$PAPERCLIP_API_KEY" | tail -c +21
        echo ' after'
        """, Map.of("HEARTBEAT_WORKER_PASS_API_KEY", "true")));
  }

  @Test
  void a_referenced_secret_is_masked_in_the_output_in_a_result_file_and_in_last_words() throws Exception {
    Map<String, String> settings = Map.of("HEARTBEAT_WORKER_ENVIRONMENT", "{\"T\": \"${ENV:A_TOKEN}\"}");

    hides(run("echo before; echo $T; echo after", settings));
    hides(run("echo before $T after; echo \"{\\\"result\\\":\\\"done\\\",\\\"summary\\\":\\\"before $T after\\\"}\""
        + " > $HEARTBEAT_RESULT_FILE", settings));
    hides(run("echo before $T after >&2; exit 1", settings));
  }

  @Test
  void a_command_that_was_not_given_the_key_does_not_have_it() throws Exception {
    assertThat(run("env | grep -c API_KEY; echo before after", Map.of()).log()).contains("| 0");
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }
}
