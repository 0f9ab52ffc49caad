package io.heartbeat4j.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heartbeat4j.worker.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PluginRulesTest {

  @TempDir
  private Path directory;

  @Test
  void a_plugin_that_keeps_to_the_rules_has_no_problem() throws IOException {
    worker("alpha").file("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\nHeartbeat4j-SPI: 1\n").in(directory, "alpha");

    assertThat(problems("alpha")).isEmpty();
  }

  @Test
  void two_versions_in_one_directory_are_named() throws IOException {
    worker("alpha").in(directory, "alpha", "alpha-1.0.jar");
    worker("alpha").in(directory, "alpha", "alpha-1.1.jar");

    assertThat(problems("alpha")).containsExactly("alpha-1.0.jar, alpha-1.1.jar each name a worker factory in"
        + " META-INF/services, as two versions of one plugin do: remove all but one");
  }

  @Test
  void a_service_file_that_names_nothing_says_what_it_names() throws IOException {
    worker("alpha").services("plugin.Facotry").in(directory, "alpha");

    assertThat(problems("alpha")).containsExactly("worker.jar: META-INF/services/io.heartbeat4j.worker.WorkerFactory"
        + " names plugin.Facotry, which is in no jar of the plugin: correct the line, or build again");
  }

  @Test
  void a_plugin_that_brings_the_spi_says_how_to_leave_it_out() throws IOException {
    worker("alpha").file("io/heartbeat4j/worker/WorkerFactory.class", "x").in(directory, "alpha");

    assertThat(problems("alpha")).containsExactly("worker.jar has classes of the host"
        + " (io/heartbeat4j/worker/WorkerFactory.class), which a plugin gets from it: give heartbeat4j-workers the scope"
        + " 'provided', and build again");
  }

  @Test
  void a_plugin_for_another_version_of_the_spi_names_both_versions() throws IOException {
    worker("alpha").file("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\nHeartbeat4j-SPI: 2\n").in(directory, "alpha");

    assertThat(problems("alpha")).containsExactly("worker.jar was built for version 2 of the worker SPI, and this"
        + " heartbeat4j has version 1: use a plugin that was built for it, or another heartbeat4j");
  }

  @Test
  void a_plugin_for_a_newer_java_names_both_versions() throws IOException {
    int newer = Runtime.version().feature() + 1;
    Files.createDirectories(directory.resolve("alpha"));
    byte[] header = {(byte) 0xCA, (byte) 0xFE, (byte) 0xBA, (byte) 0xBE, 0, 0, 0, (byte) (newer + 44)};
    zip(directory.resolve("alpha/worker.jar"), "META-INF/services/io.heartbeat4j.worker.WorkerFactory",
        "plugin.Factory".getBytes(UTF_8), "plugin/Factory.class", header);

    assertThat(problems("alpha"))
        .containsExactly("worker.jar was compiled for Java " + newer + ", and this JVM is Java "
            + (newer - 1) + ": compile it for 21 ('--release 21', or maven.compiler.release), or use a JDK " + newer);
  }

  @Test
  void a_damaged_jar_is_named_once() throws IOException {
    worker("alpha").in(directory, "alpha");
    Files.writeString(directory.resolve("alpha/library.jar"), "no zip");

    assertThat(problems("alpha")).singleElement().asString().startsWith("library.jar is not a readable jar (")
        .endsWith("): build or copy it again");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../evil.jar", "/tmp/evil.jar", "lib/../../evil.jar", "..\\evil.jar"})
  void an_archive_with_a_path_that_leads_out_is_not_unpacked(String entry) throws IOException {
    Path archive = directory.resolve("evil.zip");
    zip(archive, "good.jar", new byte[1], entry, new byte[1]);

    assertThatThrownBy(() -> PluginArchive.unpack(archive, directory.resolve("a/b")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining(archive + ": the entry '" + entry + "' leads out of the plugin's directory");
    assertThat(directory.resolve("a/evil.jar")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"missing.zip", "notes.txt", "damaged.zip"})
  void what_is_no_archive_is_named(String name) throws IOException {
    Files.writeString(directory.resolve("notes.txt"), "notes");
    Files.writeString(directory.resolve("damaged.zip"), "no zip");

    assertThatThrownBy(() -> PluginArchive.unpack(directory.resolve(name), directory.resolve("unpacked")))
        .isInstanceOf(SettingsException.class).hasMessageContaining(directory.resolve(name) + " ")
        .hasMessageMatching("(?s).*(does not exist: build the plugin|neither a jar nor a plugin zip|can't be read).*");
  }

  private static PluginJarBuilder worker(String name) {
    return PluginJarBuilder.worker(name, "\"done\"");
  }

  private List<String> problems(String plugin) throws IOException {
    try (Stream<Path> jars = Files.list(directory.resolve(plugin))) {
      return PluginRules.check(jars.sorted().toList());
    }
  }

  private static void zip(Path file, String name, byte[] content, String other, byte[] more) throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry(name));
      zip.write(content);
      zip.putNextEntry(new ZipEntry(other));
      zip.write(more);
    }
  }
}
