package io.heartbeat4j.cli.dev;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.cli.DevOptions;
import io.heartbeat4j.cli.DevSession;
import io.heartbeat4j.host.browser.HeadlessBrowser;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** The page in a browser. */
@EnabledIf("hasBrowser")
class DevPageTest {

  private static final Path SCREENSHOTS = Path.of("target/dev-page");
  private static final String WORK = """
      {
        context.run().reportProgress("looking at <u>it</u>");
        context.run().logger().info("a log line");
        if (context.issue().title().startsWith("Ask") && context.thread().trigger() instanceof Trigger.Assigned) {
          return new WorkResult.NeedsReview("Please look.",
              new ReviewPath.Card(new Question.Confirmation("Is <i>it</i> good?")));
        }
        return new WorkResult.Done("<img src=x onerror=document.title='run'><b>bold</b> done");
      }""";

  @TempDir
  Path directory;

  @TempDir
  Path profile;

  @TempDir
  Path files;

  private final Vertx vertx = Vertx.vertx();
  private DevSession session;
  private HeadlessBrowser browser;

  static boolean hasBrowser() {
    return HeadlessBrowser.findExecutable().isPresent();
  }

  @BeforeEach
  void open() throws IOException {
    session = EmbeddedDevSession.start(new DevOptions(WorkerProject.with(directory, WORK).directory(),
        Optional.empty(), 0, Map.of()), files);
    browser = HeadlessBrowser.start(vertx, profile);
    browser.setViewport(1500, 950, false);
    browser.open(DevPage.of(session.description()).url());
    waitUntil("document.getElementById('worker')?.textContent.includes('sample')");
  }

  @AfterEach
  void close() {
    browser.close();
    session.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private void waitUntil(String expression) {
    DevPage.waitUntil(() -> browser.isTrue(expression),
        () -> expression + ": " + browser.evaluate("document.body.innerText"));
  }

  private void createIssue(String title) {
    browser.evaluate("document.getElementById('title').focus()");
    browser.type(title);
    browser.evaluate("document.querySelector('#new button').click()");
    waitUntil("document.getElementById('issue-title').textContent.includes('" + title + "')");
  }

  @Test
  void an_issue_is_made_and_its_run_comment_and_requests_are_seen_and_what_a_worker_writes_is_text() {
    createIssue("Water the plants");

    waitUntil("document.getElementById('facts').innerText.includes('done')");
    waitUntil("document.getElementById('comments').innerText.includes('<b>bold</b> done')");
    waitUntil("document.getElementById('runs').innerText.includes('looking at <u>it</u>')");
    waitUntil("document.querySelector('#runs .completed') !== null");
    waitUntil("document.getElementById('requests').children.length > 3");
    browser.evaluate("document.getElementById('requests-panel').open = true;"
        + " document.querySelector('#requests details').open = true");
    waitUntil("document.querySelector('#requests pre') !== null");
    assertThat(browser.isTrue("document.querySelector('main img, main b b, main u, main i') === null")).isTrue();
    assertThat(browser.evaluate("document.title")).isEqualTo("heartbeat dev");
    browser.screenshot(SCREENSHOTS.resolve("light.png"));
    browser.setViewport(1500, 950, true);
    browser.screenshot(SCREENSHOTS.resolve("dark.png"));
    browser.setViewport(390, 844, true);
    assertThat(browser.isTrue("document.documentElement.scrollWidth <= 390")).isTrue();
    browser.screenshot(SCREENSHOTS.resolve("phone.png"));
  }

  @Test
  void a_card_is_answered_and_the_worker_goes_on() {
    createIssue("Ask me");
    waitUntil("document.querySelector('#cards button') !== null");
    assertThat(browser.isTrue("document.querySelector('#cards').innerText.includes('Is <i>it</i> good?')")).isTrue();
    browser.screenshot(SCREENSHOTS.resolve("card.png"));

    browser.evaluate("[...document.querySelectorAll('#cards button')]"
        + ".find(button => button.textContent === 'Accept').click()");

    waitUntil("document.getElementById('facts').innerText.includes('done')");
  }

  @Test
  void every_control_has_a_name_for_those_who_cannot_see_it() {
    createIssue("Ask me");
    waitUntil("document.querySelector('#cards button') !== null");

    assertThat(browser.evaluate("[...document.querySelectorAll('button, input, textarea, summary')]"
        + ".filter(each => each.offsetParent !== null && !each.textContent && !each.ariaLabel"
        + " && (each.labels || []).length === 0).map(each => each.outerHTML).join()")).isEqualTo("");
  }

  @Test
  void a_worker_that_cannot_be_loaded_is_an_alert_on_the_page_until_one_can() throws IOException {
    WorkerProject project = WorkerProject.with(directory, WORK);
    project.nameFactories("Nothing");
    session.reload();
    waitUntil("!document.getElementById('problem').hidden"
        + " && document.getElementById('problem').textContent.includes('Nothing')");

    project.nameFactories("SampleFactory");
    session.reload();

    waitUntil("document.getElementById('problem').hidden");
  }
}
