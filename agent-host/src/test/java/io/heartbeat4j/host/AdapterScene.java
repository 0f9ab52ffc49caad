package io.heartbeat4j.host;

import io.heartbeat4j.embedded.EmbeddedOptions;
import io.heartbeat4j.host.config.HostConfiguration;
import io.heartbeat4j.host.config.ProfileCatalog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** A host with profiles on a socket, and Paperclip's adapter that calls it. */
final class AdapterScene implements AutoCloseable {

  static final String PROFILES = """
      profiles:
        coder:
          description: Writes code
          worker: {name: scripted, settings: {script: SCRIPT}}
          overridable: [times, note, model.max-cost]
          models: [small, large]
        careful:
          worker: {name: scripted, settings: {script: SCRIPT, note: careful}}
      """;

  final String script = UUID.randomUUID().toString();
  final HostFixture scene;
  final Path directory;
  final Path socket;
  final AdapterClient adapter;

  AdapterScene(Path directory) {
    this(directory, EmbeddedOptions.defaults());
  }

  AdapterScene(Path directory, EmbeddedOptions options) {
    this.directory = directory;
    this.socket = directory.resolve("host.sock");
    this.scene = new HostFixture(options);
    scene.socket = Optional.of(socket);
    this.adapter = new AdapterClient(scene, socket);
  }

  /** Starts the host with {@link #PROFILES}, whose workers do this. */
  AdapterScene start(ScriptedWorkerFactory.Script work) {
    ScriptedWorkerFactory.SCRIPTS.put(script, work);
    scene.profiles = read(PROFILES);
    scene.start();
    return this;
  }

  /** Profiles as a host's file has them. */
  ProfileCatalog read(String profiles) {
    try {
      Path file = Files.writeString(directory.resolve("host.yaml"),
          "server: " + scene.server.url() + "\n" + profiles.replace("SCRIPT", script));
      return HostConfiguration.read(file, Map.of("SECRET", "the host's own"), directory, directory, secret -> {})
          .profiles();
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }

  @Override
  public void close() {
    ScriptedWorkerFactory.SCRIPTS.remove(script);
    scene.close();
  }
}
