package io.heartbeat4j.cluster;

import static io.heartbeat4j.cluster.ClusterScene.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.host.TestCertificate;
import io.heartbeat4j.host.config.HttpServerConfiguration;
import io.heartbeat4j.worker.WorkResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two hosts whose listeners speak TLS: each asks the other only where it shows the certificate that they share. */
class ClusterOverTlsTest {

  private static final List<String> BOTH = List.of("a", "b");

  @TempDir
  Path directory;

  private HttpServerConfiguration.TlsFiles certificate(String name)
      throws IOException, InterruptedException, GeneralSecurityException {
    TestCertificate made = TestCertificate.createIn(Files.createDirectory(directory.resolve(name)));
    return new HttpServerConfiguration.TlsFiles(made.certificate(), made.key());
  }

  /** An agent at home on {@code b} whose issue is settled. */
  private static String settled(ClusterScene scene, String wokenAt) {
    scene.agent("First", "a", context -> new WorkResult.Done("Done."));
    BOTH.forEach(scene::start);
    String name = scene.nameAt("b");
    String agent = scene.agentOfTheScript(name, wokenAt, context -> new WorkResult.Done("Done."));
    String issue = scene.assigned("Over TLS", agent);
    until("the run is over", () -> scene.isOver(agent));
    assertThat(scene.status(issue)).isEqualTo("done");
    return "/v1/runs/" + scene.run(agent);
  }

  @Test
  void a_wake_and_a_question_reach_the_other_host() throws Exception {
    HttpServerConfiguration.TlsFiles shared = certificate("shared");
    try (ClusterScene scene = new ClusterScene(Map.of("a", shared, "b", shared))) {
      String run = settled(scene, "a");

      BOTH.forEach(node -> assertThat(scene.get(node, run, scene.nameAt("b")).json().getString("status"))
          .as(node).isEqualTo("completed"));
    }
  }

  @Test
  void a_host_that_shows_another_certificate_is_told_nothing() throws Exception {
    try (ClusterScene scene = new ClusterScene(Map.of("a", certificate("of-a"), "b", certificate("of-b")))) {
      String run = settled(scene, "b");

      assertThat(scene.get("b", run, scene.nameAt("b")).status()).isEqualTo(200);
      assertThat(scene.get("a", run, scene.nameAt("b")).status()).isEqualTo(503);
    }
  }
}
