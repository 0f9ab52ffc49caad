package io.heartbeat4j.worker.llm.tool.file;

import io.heartbeat4j.worker.agent.file.ConfinedWorkspace;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.worker.agent.ToolCallException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

/** Files stay within the workspace: whatever the path, whatever the links, whoever changes them meanwhile. */
class WorkspaceConfinementTest {

  private static final String SECRET = "what is outside";
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private Path top = Path.of("none");
  private Path root = Path.of("none");
  private Path outside = Path.of("none");

  @BeforeProperty
  void make_a_workspace_with_every_kind_of_link() throws IOException {
    top = Files.createTempDirectory("confinement-").toRealPath();
    root = Files.createDirectories(top.resolve("work"));
    outside = Files.createDirectories(top.resolve("outside"));
    Files.writeString(outside.resolve("secret"), SECRET);
    Files.createDirectories(root.resolve("a/b"));
    Files.writeString(root.resolve("a/b/file"), "inside");
    Files.createSymbolicLink(root.resolve("out"), outside);
    Files.createSymbolicLink(root.resolve("a/up"), Path.of("../.."));
    Files.createSymbolicLink(root.resolve("a/secret"), outside.resolve("secret"));
    Files.createSymbolicLink(root.resolve("in"), Path.of("a/b"));
    Files.createSymbolicLink(root.resolve("nowhere"), outside.resolve("not-yet"));
    Files.createSymbolicLink(root.resolve("self"), Path.of("self"));
  }

  @AfterProperty
  void remove() throws IOException {
    try (var files = Files.walk(top)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Provide
  Arbitrary<String> paths() {
    Arbitrary<String> step = Arbitraries.of("a", "b", "..", ".", "", "out", "up", "secret", "in", "nowhere", "self",
        "file",
        "new", "outside", "work", "~", "not-yet", "\u0000");
    return step.list().ofMinSize(1).ofMaxSize(7).map(steps -> String.join("/", steps))
        .flatMap(path -> Arbitraries.of(path, "/" + path, path + "/"));
  }

  @Property(tries = 3000)
  void nothing_outside_is_ever_read_or_written(@ForAll("paths") String path) throws IOException {
    ConfinedWorkspace confinedWorkspace = ConfinedWorkspace.of(root);
    try {
      Path place = confinedWorkspace.resolve(path);
      assertThat(root.resolve(place).normalize()).startsWithRaw(root);
      assertThat(new String(confinedWorkspace.read(place, 1000), StandardCharsets.UTF_8)).isNotEqualTo(SECRET);
      confinedWorkspace.write(place, "written".getBytes(StandardCharsets.UTF_8));
    } catch (ToolCallException | IOException refused) {
      assertThat(refused.toString()).doesNotContain(SECRET);
    }
    try (var left = Files.list(outside)) {
      assertThat(left).containsExactly(outside.resolve("secret"));
    }
    assertThat(outside.resolve("secret")).hasContent(SECRET);
  }

  @Property(tries = 500)
  void new_files_stay_within_too(@ForAll("paths") String path) throws IOException {
    ConfinedWorkspace confinedWorkspace = ConfinedWorkspace.of(root);
    try {
      confinedWorkspace.write(confinedWorkspace.resolve(path + "/fresh"), "written".getBytes(StandardCharsets.UTF_8));
    } catch (ToolCallException | IOException refused) {
      assertThat(refused).isNotNull();
    }
    try (var left = Files.walk(outside)) {
      assertThat(left).containsExactlyInAnyOrder(outside, outside.resolve("secret"));
    }
    assertThat(top.resolve("fresh")).doesNotExist();
  }

  @Example
  void a_link_within_the_workspace_is_followed() throws Exception {
    ConfinedWorkspace confinedWorkspace = ConfinedWorkspace.of(root);
    assertThat(new String(confinedWorkspace.read(confinedWorkspace.resolve("in/file"), 100), StandardCharsets.UTF_8))
        .isEqualTo("inside");
  }

  /** A link turns from inside to outside and back as fast as it goes, between the look at the path and the opening. */
  @Example
  void a_link_that_is_put_there_in_between_leads_nowhere() throws Exception {
    ConfinedWorkspace confinedWorkspace = ConfinedWorkspace.of(root);
    Path victim = root.resolve("race");
    Path decoy = Files.createDirectories(root.resolve("decoy"));
    Files.writeString(decoy.resolve("secret"), "harmless");
    AtomicBoolean over = new AtomicBoolean();
    Thread attacker = Thread.ofPlatform().start(() -> {
      for (int i = 0; !over.get(); i++) {
        try {
          Files.deleteIfExists(root.resolve("next"));
          Files.createSymbolicLink(root.resolve("next"), i % 2 == 0 ? outside : decoy);
          Files.move(root.resolve("next"), victim, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException lost) {
          // the other side was in the way
        }
      }
    });
    int read = 0;
    int refused = 0;
    long until = System.nanoTime() + LONGEST.toNanos();
    try {
      for (int i = 0; (i < 2000 || read == 0 || refused == 0) && System.nanoTime() - until < 0; i++) {
        try {
          String text = new String(confinedWorkspace.read(confinedWorkspace.resolve("race/secret"), 1000),
              StandardCharsets.UTF_8);
          assertThat(text).isEqualTo("harmless");
          read++;
          confinedWorkspace.write(confinedWorkspace.resolve("race/secret"),
              "harmless".getBytes(StandardCharsets.UTF_8));
        } catch (ToolCallException | IOException caught) {
          refused++;
        }
      }
    } finally {
      over.set(true);
      attacker.join();
    }
    assertThat(outside.resolve("secret")).hasContent(SECRET);
    assertThat(List.of(read > 0, refused > 0)).as("both happened: %s read, %s refused", read, refused)
        .containsExactly(true, true);
  }
}
