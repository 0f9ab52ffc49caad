package io.heartbeat4j.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.host.browser.HeadlessBrowser;
import io.heartbeat4j.worker.ProviderUsage;
import io.heartbeat4j.worker.Secret;
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

  @TempDir
  Path profile;
  private final HostFixture scene = new HostFixture();
  private final String view = "view-" + UUID.randomUUID();

  static boolean thereIsABrowser() {
    return HeadlessBrowser.findExecutable().isPresent();
  }

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void the_page_asks_for_the_key_and_then_follows_agents_and_their_heartbeats() {
    CountDownLatch go = new CountDownLatch(1);
    scene.viewKey = Optional.of(Secret.of(view));
    String wren = scene.addAgent("Wren", context -> {
      context.run().reportProgress("Reading the README.");
      context.usage().report(new ProviderUsage("acme", "large", 12_000, 0, 800, new BigDecimal("0.12")));
      if (context.issue().title().startsWith("Long")) {
        go.await();
      }
      return new WorkResult.Done("Wrote <b>the greeting</b>.");
    });
    String pia = scene.addAgent("Pia", context -> {
      throw new IllegalStateException("no such table: t");
    });
    scene.addAgent("Cora", context -> new WorkResult.Done("never"));
    scene.start();
    String done = scene.createAssignedIssue("Say hello", wren);
    String broken = scene.createAssignedIssue("Migrate", pia);
    HostFixture.waitUntil("both are settled",
        () -> scene.status(done).equals("done") && scene.status(broken).equals("blocked"));
    HostFixture.await(scene.embeddedBoard.invokeHeartbeat(wren));

    try (HeadlessBrowser headlessBrowser = HeadlessBrowser.start(scene.vertx, profile)) {
      headlessBrowser.setViewport(1280, 800, false);
      headlessBrowser.open(scene.url() + "/");
      HostFixture.waitUntil("the page asks for the key",
          () -> headlessBrowser.isTrue("document.getElementById('login')?.hidden === false"));
      assertThat(headlessBrowser.evaluate("document.body.innerText")).asString().doesNotContain("Wren");

      headlessBrowser.evaluate(
          "document.getElementById('key').value = 'not the key'; document.querySelector('#login button').click()");
      HostFixture.waitUntil("a wrong key is told",
          () -> headlessBrowser.isTrue("document.getElementById('link').textContent.includes('not accepted')"));

      headlessBrowser.evaluate(
          "document.getElementById('key').value = '" + view + "'; document.querySelector('#login button').click()");
      HostFixture.waitUntil("the agents are there",
          () -> headlessBrowser.isTrue("document.querySelectorAll('#agents li').length === 3"));
      HostFixture.waitUntil("the heartbeats are there",
          () -> headlessBrowser.isTrue("document.querySelectorAll('#runs li').length === 3"));
      assertThat(headlessBrowser
          .isTrue("[...document.querySelectorAll('.steps')].every(steps => steps.children.length === 9)")).isTrue();

      String running = scene.createAssignedIssue("Long", wren);
      HostFixture.waitUntil("the running one is first and its agent busy", () -> headlessBrowser.isTrue(
          "document.querySelector('#runs .phase').textContent === 'running'"
              + " && document.querySelector('#agents li').className.includes('busy')"
              + " && document.querySelector('#agents p').textContent.includes('Do the Work')"));
      headlessBrowser.evaluate("document.querySelector('#runs button').click()");
      HostFixture.waitUntil("its log is live",
          () -> headlessBrowser.isTrue("document.getElementById('log').innerText.includes('Reading the README.')"));
      headlessBrowser.screenshot(SCREENSHOTS.resolve("desktop-light.png"));
      headlessBrowser.setViewport(1280, 800, true);
      headlessBrowser.screenshot(SCREENSHOTS.resolve("desktop-dark.png"));
      headlessBrowser.setViewport(390, 844, true);
      assertThat(headlessBrowser.isTrue("document.documentElement.scrollWidth <= 390")).isTrue();
      headlessBrowser.screenshot(SCREENSHOTS.resolve("phone-dark.png"));
      headlessBrowser.setViewport(390, 844, false);
      headlessBrowser.screenshot(SCREENSHOTS.resolve("phone-light.png"));

      go.countDown();
      HostFixture.waitUntil("it is over on the page", () -> scene.status(running).equals("done")
          && headlessBrowser.isTrue("document.getElementById('facts').innerText.includes('completed')"));
      assertThat(headlessBrowser.isTrue("document.querySelector('b b') === null")).isTrue();
      headlessBrowser.evaluate("document.querySelector('#agents button').click()");
      HostFixture.waitUntil("the agent is paused",
          () -> headlessBrowser.isTrue("document.querySelector('#agents p').textContent.includes('paused')"));
      scene.createAssignedIssue("Wait", wren);
      HostFixture.waitUntil("its wake waits",
          () -> headlessBrowser.isTrue("document.querySelector('#runs .phase').textContent === 'queued'"));
    }
  }
}
