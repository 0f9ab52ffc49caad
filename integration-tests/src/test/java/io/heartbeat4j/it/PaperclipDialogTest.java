package io.heartbeat4j.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.cli.demo.BoardClient;
import io.heartbeat4j.host.browser.HeadlessBrowser;
import io.vertx.core.Vertx;
import io.vertx.core.json.Json;
import java.io.IOException;
import java.nio.file.Path;
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
  private HostProcess host;
  private InstalledAdapter adapter;
  private HeadlessBrowser browser;

  static boolean thereIsABrowser() {
    return HeadlessBrowser.findExecutable().isPresent();
  }

  @BeforeEach
  void start() throws IOException {
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

    String issue = board.createIssue(Map.of("title", "Say hello", "status", "todo", "assigneeAgentId", id));
    IssueAssertions.awaitSettled(board, id, issue, "done");
    browser.open(pages + "/agents/wren/runs/" + InstalledAdapter.onlyRun(board, id).path("id").asText());
    awaitText("BUILD SUCCESS");
    awaitText("SYSTEM MESSAGES"); // the steps, folded
    browser.evaluate("[...document.querySelectorAll('*')].find(each => each.children.length === 0 "
        + "&& each.textContent.startsWith('Transcript')).scrollIntoView()");
    browser.screenshot(SCREENSHOTS.resolve("adapter-run.png"));
    browser.open(pages + "/issues/" + board.issue(issue).path("identifier").asText());
    awaitText("Done, as asked.");
    browser.screenshot(SCREENSHOTS.resolve("adapter-issue.png"));
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
