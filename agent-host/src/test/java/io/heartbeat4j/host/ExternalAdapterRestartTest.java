package io.heartbeat4j.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.embedded.InProcessWake;
import io.heartbeat4j.host.config.HostConfiguration;
import io.heartbeat4j.host.config.HostLimits;
import io.heartbeat4j.host.config.HttpServerConfiguration;
import io.heartbeat4j.worker.WorkResult;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the adapter's runs when a host ends, is killed, or reads its configuration again. */
class ExternalAdapterRestartTest {

  @TempDir
  Path directory;
  private AdapterScene host;
  private HostFixture scene;
  private AdapterClient adapter;

  @BeforeEach
  void open() {
    host = new AdapterScene(directory);
    scene = host.scene;
    adapter = host.adapter;
  }

  @AfterEach
  void close() {
    host.close();
  }

  @Test
  void a_host_that_ends_takes_no_run_and_the_next_one_works_what_waited_when_it_is_brought_again() {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    scene.limits = new HostLimits(1, 10, Map.of(), Map.of(), 100, 1 << 20, Duration.ofSeconds(20));
    host.start((context, settings) -> {
      begun.countDown();
      go.await();
      return new WorkResult.Done("Done.");
    });
    String agent = adapter.addAgent("Wren");
    scene.createAssignedIssue("First", agent);
    InProcessWake first = adapter.nextWake();
    adapter.start(first);
    AdapterClient.Stream firstLog = adapter.follow(first, null);
    HostFixture.await(begun);
    String issue = scene.createAssignedIssue("Second", agent);
    InProcessWake second = adapter.nextWake();
    adapter.start(second);
    AdapterClient.Stream secondLog = adapter.follow(second, null);
    var drained = scene.host().drain(Duration.ofSeconds(20));
    scene.createAssignedIssue("Third", agent);
    InProcessWake third = adapter.nextWake();
    HostFixture.waitUntil("the host is ending", () -> adapter.start(third).status() == 503);
    assertThat(adapter.start(third).body().getString("code")).isEqualTo("draining");
    assertThat(adapter.start(first).status()).isEqualTo(202);
    go.countDown();
    assertThat(firstLog.awaitEnd().getString("phase")).isEqualTo("completed");
    HostFixture.await(drained);
    secondLog.awaitClosed();
    assertThat(scene.status(issue)).isEqualTo("in_progress");

    scene.start();

    assertThat(adapter.request(HttpMethod.GET, "runs/" + second.runId() + "/events", second.token(), "").status())
        .isEqualTo(404);
    assertThat(adapter.start(second).status()).isEqualTo(202);
    assertThat(adapter.follow(second, null).awaitEnd().getString("phase")).isEqualTo("completed");
    assertThat(scene.status(issue)).isEqualTo("done");
    assertThat(adapter.start(first).body().getJsonObject("result").getString("phase")).isEqualTo("completed");
    assertThat(adapter.start(third).status()).isEqualTo(202);
    assertThat(adapter.follow(third, null).awaitEnd().getString("phase")).isEqualTo("completed");
  }

  @Test
  void a_run_whose_host_is_killed_in_mid_work_is_settled_by_the_next_one_when_it_is_brought_again() {
    AtomicInteger calls = new AtomicInteger();
    CountDownLatch begun = new CountDownLatch(1);
    host.start((context, settings) -> {
      calls.incrementAndGet();
      begun.countDown();
      new CountDownLatch(1).await();
      return new WorkResult.Done("never");
    });
    String issue = scene.createAssignedIssue("Long", adapter.addAgent("Wren"));
    InProcessWake wake = adapter.nextWake();
    adapter.start(wake);
    HostFixture.await(begun);

    AdapterClient next = startFromCopy();
    HostFixture.HttpReply again = next.start(wake);

    assertThat(again.status()).isEqualTo(202);
    assertThat(again.body().getBoolean("workStarted")).isTrue();
    AdapterClient.Stream log = next.follow(wake, null);
    assertThat(log.awaitEnd().getString("phase")).isEqualTo("completed");
    assertThat(scene.status(issue)).isEqualTo("blocked");
    assertThat(scene.agentComments(issue)).singleElement().asString().contains("the work was cut off");
    assertThat(calls).hasValue(1);
  }

  @Test
  void the_token_of_a_run_is_not_on_disk() throws IOException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    host.start((context, settings) -> {
      context.run().reportProgress("Working.");
      begun.countDown();
      go.await();
      return new WorkResult.Done("Done.");
    });
    scene.createAssignedIssue("Secret", adapter.addAgent("Wren"));
    InProcessWake wake = adapter.nextWake();
    adapter.start(wake);
    HostFixture.await(begun);
    adapter.follow(wake, null).awaitText("Working.");

    try (Stream<Path> files = Files.walk(scene.state)) {
      assertThat(files.filter(Files::isRegularFile).filter(file -> contains(file, wake.runId())
          || contains(file, "Working."))).isNotEmpty().noneMatch(file -> contains(file, wake.token()));
    }
    go.countDown();
    adapter.follow(wake, null).awaitEnd();
  }

  private static boolean contains(Path file, String text) {
    try {
      return new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1).contains(text);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** A host with the state that the first one had on disk, as after a kill; the first one goes on without effect. */
  private AdapterClient startFromCopy() {
    Path state = directory.resolve("copy");
    try (Stream<Path> files = Files.walk(scene.state)) {
      for (Path file : files.toList()) {
        Files.copy(file, state.resolve(scene.state.relativize(file).toString()));
      }
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
    HostConfiguration first = scene.configuration();
    Path socket = directory.resolve("next.sock");
    HostConfiguration next = new HostConfiguration(first.file(), first.agentsDirectory(),
        new HttpServerConfiguration("127.0.0.1", 0, Optional.empty(), Optional.empty(), Optional.of(socket),
            Optional.empty()),
        first.limits(), state, first.agents(), first.store(), first.tracing(), host.read(AdapterScene.PROFILES));
    HostFixture.await(AgentHost.start(scene.vertx, next, scene.services()));
    return new AdapterClient(scene, socket);
  }

  @Test
  void a_reload_changes_the_profiles_for_the_next_runs() {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    host.start((context, settings) -> {
      if (context.issue().title().equals("First")) {
        begun.countDown();
        go.await();
      }
      return new WorkResult.Done(context.issue().title() + ": " + settings.note());
    });
    int open = ScriptedWorkerFactory.OPEN.get();
    String agent = adapter.addAgent("Wren");
    String firstIssue = scene.createAssignedIssue("First", agent);
    InProcessWake first = adapter.nextWake();
    adapter.start(first, AdapterClient.body(first).put("settings", new JsonObject().put("note", "before")));
    HostFixture.await(begun);
    scene.profiles = host.read("""
        profiles:
          writer: {worker: {name: scripted, settings: {script: SCRIPT, note: after}}}
        """);

    HostFixture.await(scene.host().reload(scene.configuration()));

    String secondIssue = scene.createAssignedIssue("Second", agent);
    InProcessWake second = adapter.nextWake();
    assertThat(adapter.start(second, AdapterClient.body(second).put("profile", "coder")).body().getString("code"))
        .isEqualTo("unknown_profile");
    adapter.start(second);
    adapter.follow(second, null).awaitEnd();
    go.countDown();
    adapter.follow(first, null).awaitEnd();
    assertThat(scene.agentComments(firstIssue)).containsExactly("First: before");
    assertThat(scene.agentComments(secondIssue)).containsExactly("Second: after");
    HostFixture.waitUntil("the old workers are closed", () -> ScriptedWorkerFactory.OPEN.get() == open - 1);
  }
}
