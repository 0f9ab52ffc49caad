package io.heartbeat4j.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.cli.demo.BoardClient;
import io.heartbeat4j.host.browser.HeadlessBrowser;
import io.vertx.core.Vertx;
import io.vertx.core.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a person does in Paperclip's pages to have an issue done by a host. Leaves screenshots in the directory of the
 * system property {@code screenshots}; those in docs/images were made with {@code -Dscreenshots=../docs/images}.
 */
@EnabledIf("thereIsABrowser")
class PaperclipDialogTest {

  private static final Path SCREENSHOTS = Path.of(System.getProperty("screenshots", "target/screenshots"));

  @TempDir
  Path directory;
  private final Vertx vertx = Vertx.vertx();
  private ScriptedModelServer model;
  private HostProcess host;
  private InstalledAdapter adapter;
  private HeadlessBrowser browser;

  static boolean thereIsABrowser() {
    return HeadlessBrowser.findExecutable().isPresent();
  }

  @BeforeEach
  void start() throws IOException {
    model = ScriptedModelServer.start();
    host = new HostProcess(directory);
    host.addProfile("coder", """
        echo 'Looking for the README.'
        echo '$ mvn verify'
        echo 'BUILD SUCCESS'
        cat > "$HEARTBEAT_RESULT_FILE" <<'END'
        {"result": "done", "summary": "Done, as asked.", "usage": [{"provider": "acme", "model": "large",
         "inputTokens": 1000, "cachedInputTokens": 100, "outputTokens": 200, "costUsd": 0.05}]}
        END
        """);
    Path project = Files.createDirectories(directory.resolve("project"));
    Files.writeString(project.resolve("greeting.txt"), "Helo, world\n");
    model.on("Mend the greeting",
        ScriptedModelServer.toolCall("read", Map.of("path", "greeting.txt")),
        ScriptedModelServer.toolCall("edit", Map.of("path", "greeting.txt", "old", "Helo", "new", "Hello")),
        ScriptedModelServer.toolCall("run", Map.of("command", "cat greeting.txt")),
        ScriptedModelServer.toolCall("finish", Map.of("outcome", "done", "summary", "Mended the greeting.")));
    host.addWorker("model", "{name: llm, settings: {model: %s, workspace: %s, permissions: [\"allow run cat *\"]}}"
        .formatted(model.modelSetting(), project));
    host.addWorker("claude", "{name: shell, settings: {command: [cat, %s], output: claude, workspace: %s}}".formatted(
        Path.of(System.getProperty("repository"), "worker-shell/src/test/resources/claude-done.jsonl"), project));
    host.start();
    adapter = new InstalledAdapter(directory, host);
    browser = HeadlessBrowser.start(vertx, directory.resolve("profile"));
    browser.setViewport(1280, 800, false);
  }

  @AfterEach
  void close() {
    browser.close();
    host.close();
    adapter.close();
    model.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void an_agent_is_made_in_the_dialog_and_its_issue_is_done() {
    BoardClient board = BoardClient.createCompany(RealPaperclip.url(), "Acme");
    String pages = RealPaperclip.url() + "/"
        + board.get("/companies/" + board.company()).path("issuePrefix").asText();

    browser.open(pages + "/agents/new");
    await("document.querySelector('input[placeholder*=Darnold]')");
    browser.evaluate("document.querySelector('input[placeholder*=Darnold]').focus()");
    browser.type("Wren");
    click("Choose adapter");
    click("Heartbeat4j");
    browser.screenshot(SCREENSHOTS.resolve("adapter-list.png"));
    click("Configure agent");
    click("Default");
    click("coder");
    click("Run test");
    awaitText("Connection successful");
    click("Test details");
    awaitText("answers: heartbeat4j");
    browser.screenshot(SCREENSHOTS.resolve("adapter-test.png"));
    click("Finish setup");
    awaitText("Your agent is ready");

    JsonNode agent = BoardClient.toList(board.get("/companies/" + board.company() + "/agents")).stream()
        .filter(each -> each.path("name").asText().equals("Wren")).findFirst().orElseThrow();
    assertThat(agent.path("adapterType").asText()).isEqualTo("heartbeat4j");
    assertThat(agent.path("adapterConfig").path("model").asText()).isEqualTo("coder");
    String id = agent.path("id").asText();
    browser.open(pages + "/agents/wren/configuration");
    awaitText("Minutes to wait");
    browser.evaluate("[...document.querySelectorAll('*')].filter(each => each.children.length === 0 "
        + "&& each.textContent.trim() === 'Profile').at(-1).scrollIntoView()");
    browser.screenshot(SCREENSHOTS.resolve("adapter-agent.png"));

    click("Assign Task");
    await("document.querySelector('textarea[placeholder=\"Task title\"]')");
    browser.evaluate("document.querySelector('textarea[placeholder=\"Task title\"]').focus()");
    browser.type("Say hello");
    browser.screenshot(SCREENSHOTS.resolve("adapter-assign.png"));
    click("Create Task");
    Await.until("the issue is there", () -> issues(board), () -> !issues(board).isEmpty());
    String issue = issues(board).getFirst().path("id").asText();
    IssueAssertions.awaitSettled(board, id, issue, "done");
    showRun(pages, board, id, "adapter-run.png", "BUILD SUCCESS");
    browser.open(pages + "/issues/" + board.issue(issue).path("identifier").asText());
    awaitText("Done, as asked.");
    browser.screenshot(SCREENSHOTS.resolve("adapter-issue.png"));
  }

  @Test
  void what_a_model_and_a_coding_agent_did_is_read_on_the_runs_page() throws IOException {
    BoardClient board = BoardClient.createCompany(RealPaperclip.url(), "Readable");
    String pages = RealPaperclip.url() + "/"
        + board.get("/companies/" + board.company()).path("issuePrefix").asText();

    String modelled = InstalledAdapter.createAgent(board, Map.of("profile", "model"));
    String issue = board.createAssignedIssue("Mend the greeting", modelled);
    IssueAssertions.awaitSettled(board, modelled, issue, "done");
    showRun(pages, board, modelled, "adapter-run-model.png", "> read greeting.txt", "> edit greeting.txt",
        "$ cat greeting.txt", "Hello, world", "exit code 0", "> finish");

    String programmed = InstalledAdapter.createAgent(board, Map.of("profile", "claude"));
    issue = board.createAssignedIssue("Mend the greeting", programmed);
    IssueAssertions.awaitSettled(board, programmed, issue, "done");
    showRun(pages, board, programmed, "adapter-run-claude.png", "I look at the greeting first.",
        "> Read /srv/project/greeting.txt", "> Edit /srv/project/greeting.txt", "has been updated successfully");
  }

  /** Opens the page of the agent's only run, and waits for these words in its transcript and for its steps, folded. */
  private void showRun(String pages, BoardClient board, String agent, String file, String... words) {
    browser.open(pages + "/agents/" + agent + "/runs/" + InstalledAdapter.onlyRun(board, agent).path("id").asText());
    for (String each : words) {
      awaitText(each);
    }
    awaitText("SYSTEM MESSAGES");
    browser.evaluate("[...document.querySelectorAll('*')].find(each => each.children.length === 0 "
        + "&& each.textContent.startsWith('Transcript')).scrollIntoView()");
    browser.screenshot(SCREENSHOTS.resolve(file));
  }

  private static List<JsonNode> issues(BoardClient board) {
    return BoardClient.toList(board.get("/companies/" + board.company() + "/issues"));
  }

  private void await(String expression) {
    Await.until(expression, () -> browser.evaluate("document.body?.innerText"),
        () -> browser.isTrue("!!(" + expression + ")"));
  }

  private void awaitText(String text) {
    await("document.body?.innerText.includes(" + Json.encode(text) + ")"); // a page that loads has no body yet
  }

  /** Clicks on the button or label with this text, as soon as it can be clicked. */
  private void click(String text) {
    String found = "[...document.querySelectorAll('button, label, summary')].find(each => "
        + "each.innerText.trim().startsWith(" + Json.encode(text) + ") && !each.disabled && each.offsetParent)";
    await(found);
    browser.evaluate(found + ".click()");
  }
}
