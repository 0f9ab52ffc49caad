package io.heartbeat4j.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.worker.Secret;
import io.heartbeat4j.worker.Usage;
import io.heartbeat4j.worker.WorkResult;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** The live page in a real browser, against a running host. Leaves screenshots in {@code target/screenshots}. */
@EnabledIf("thereIsABrowser")
class LivePageTest {

  private static final Path SCREENSHOTS = Path.of("target/screenshots");

  @TempDir Path profile;
  private final HostScene scene = new HostScene();
  private final String view = "view-" + UUID.randomUUID();

  static boolean thereIsABrowser() {
    return Browser.installed().isPresent();
  }

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void the_page_asks_for_the_key_and_then_follows_agents_and_their_heartbeats() {
    CountDownLatch go = new CountDownLatch(1);
    scene.viewKey = Optional.of(Secret.of(view));
    String wren = scene.agent("Wren", context -> {
      context.progress("Reading the README.");
      context.used(new Usage("acme", "large", 12_000, 0, 800, new BigDecimal("0.12")));
      if (context.issue().title().startsWith("Long")) {
        go.await();
      }
      return new WorkResult.Done("Wrote <b>the greeting</b>.");
    });
    String pia = scene.agent("Pia", context -> {
      throw new IllegalStateException("no such table: t");
    });
    scene.agent("Cora", context -> new WorkResult.Done("never"));
    scene.start();
    String done = scene.assigned("Say hello", wren);
    String broken = scene.assigned("Migrate", pia);
    HostScene.until("both are settled", () ->
        scene.status(done).equals("done") && scene.status(broken).equals("blocked"));
    HostScene.await(scene.board.invoke(wren));

    try (Browser browser = Browser.start(scene.vertx, profile)) {
      browser.look(1280, 800, false);
      browser.open(scene.url() + "/");
      HostScene.until("the page asks for the key", () -> browser.holds("document.getElementById('login')?.hidden === false"));
      assertThat(browser.evaluate("document.body.innerText")).asString().doesNotContain("Wren");

      browser.evaluate("document.getElementById('key').value = 'not the key'; document.querySelector('#login button').click()");
      HostScene.until("a wrong key is told", () -> browser.holds("document.getElementById('link').textContent.includes('not accepted')"));

      browser.evaluate("document.getElementById('key').value = '" + view + "'; document.querySelector('#login button').click()");
      HostScene.until("the agents are there", () -> browser.holds("document.querySelectorAll('#agents li').length === 3"));
      HostScene.until("the heartbeats are there", () -> browser.holds("document.querySelectorAll('#runs li').length === 3"));
      assertThat(browser.holds("[...document.querySelectorAll('.steps')].every(steps => steps.children.length === 9)")).isTrue();

      String running = scene.assigned("Long", wren);
      HostScene.until("the running one is first and its agent busy", () -> browser.holds(
          "document.querySelector('#runs .phase').textContent === 'running'"
              + " && document.querySelector('#agents li').className.includes('busy')"
              + " && document.querySelector('#agents p').textContent.includes('Do the Work')"));
      browser.evaluate("document.querySelector('#runs button').click()");
      HostScene.until("its log is live", () -> browser.holds("document.getElementById('log').innerText.includes('Reading the README.')"));
      browser.screenshot(SCREENSHOTS.resolve("desktop-light.png"));
      browser.look(1280, 800, true);
      browser.screenshot(SCREENSHOTS.resolve("desktop-dark.png"));
      browser.look(390, 844, true);
      assertThat(browser.holds("document.documentElement.scrollWidth <= 390")).isTrue();
      browser.screenshot(SCREENSHOTS.resolve("phone-dark.png"));
      browser.look(390, 844, false);
      browser.screenshot(SCREENSHOTS.resolve("phone-light.png"));

      go.countDown();
      HostScene.until("it is over on the page", () -> scene.status(running).equals("done")
          && browser.holds("document.getElementById('facts').innerText.includes('completed')"));
      assertThat(browser.holds("document.querySelector('b b') === null")).isTrue();
      browser.evaluate("document.querySelector('#agents button').click()");
      HostScene.until("the agent is paused", () -> browser.holds("document.querySelector('#agents p').textContent.includes('paused')"));
      scene.assigned("Wait", wren);
      HostScene.until("its wake waits", () -> browser.holds("document.querySelector('#runs .phase').textContent === 'queued'"));
    }
  }
}
