package io.heartbeat4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.plugin.PluginArchive;
import io.heartbeat4j.plugin.WorkerRegistry;
import io.heartbeat4j.worker.WorkerFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Loads a plugin's zip or jar as a host does. An author's build runs it after packaging, from this jar ({@code
 * dependenciesToScan} of Surefire), with the file in the system property {@code heartbeat4j.plugin}.
 */
public final class PluginPackageTest {

  @Test
  void a_host_can_load_the_plugin(@TempDir Path directory) throws IOException {
    Path plugin = Path.of(Objects.requireNonNull(System.getProperty("heartbeat4j.plugin"),
        "the system property heartbeat4j.plugin names the plugin's file"));
    PluginArchive.unpack(plugin, directory);
    try (WorkerRegistry registry = new WorkerRegistry(directory, WorkerFactory.class.getClassLoader())) {
      assertThat(registry.discoverIn(directory)).as("what a host finds in %s", plugin)
          .hasOnlyElementsOfType(WorkerRegistry.DiscoveryResult.Usable.class);
    }
  }
}
