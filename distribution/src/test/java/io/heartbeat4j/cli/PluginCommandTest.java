package io.heartbeat4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.cli.dev.WorkerProject;
import io.heartbeat4j.cli.project.ProjectFiles;
import io.heartbeat4j.client.ProtocolJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class PluginCommandTest {

  private static final String DONE = "new WorkResult.Done(\"done\")";

  @TempDir
  private Path directory;
  private Path plugins;
  private Path jar;
  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();

  @BeforeEach
  void build() throws IOException {
    plugins = directory.resolve("plugins");
    jar = jar("sample-1.0.jar", WorkerProject.with(directory.resolve("project"), DONE));
  }

  @Test
  void a_plugin_is_installed_listed_and_removed() throws IOException {
    assertThat(plugin("install", jar.toString())).as(err.toString()).isZero();
    assertThat(out.toString()).isEqualTo("installed " + plugins.resolve("sample") + ": sample\n");
    assertThat(plugin("list")).isZero();
    assertThat(out.toString()).isEqualTo("sample: workers sample\n");
    assertThat(Files.readString(plugins.resolve("sample/SHA256SUMS"))).matches("[0-9a-f]{64}  sample-1.0.jar\n");

    assertThat(plugin("remove", "sample")).isZero();

    assertThat(plugins).isEmptyDirectory();
  }

  @Test
  void maven_coordinates_are_looked_up_in_the_local_repository_and_the_zip_is_preferred() throws IOException {
    Path version = Files.createDirectories(directory.resolve("repository/io/example/worker-sample/1.0"));
    Files.writeString(version.resolve("worker-sample-1.0.jar"), "not this one");
    zip(version.resolve("worker-sample-1.0-plugin.zip"), "worker-sample-1.0.jar", Files.readAllBytes(jar));
    String repository = directory.resolve("repository").toString();

    assertThat(plugin("install", "io.example:worker-sample:1.0", "--repository", repository)).as(err.toString())
        .isZero();
    assertThat(plugins.resolve("sample/worker-sample-1.0.jar")).exists();

    assertThat(plugin("install", "io.example:worker-sample:2.0", "--repository", repository)).isEqualTo(78);
    assertThat(err.toString()).contains("io.example:worker-sample:2.0 is not in the Maven repository " + repository
        + ": run 'mvn install'");
  }

  @Test
  void a_second_version_names_both_and_takes_the_place_of_the_first_only_where_it_is_asked_to() throws IOException {
    Path newer = jar("sample-1.1.jar", WorkerProject.with(directory.resolve("project"), DONE));
    plugin("install", jar.toString());

    assertThat(plugin("install", newer.toString())).isEqualTo(78);
    assertThat(err.toString()).contains("the plugin 'sample' is installed (sample-1.0.jar), and " + newer
        + " is another (sample-1.1.jar): exchange it with --replace");

    assertThat(plugin("install", newer.toString(), "--replace")).isZero();
    assertThat(installedFiles()).containsExactly("sample/SHA256SUMS", "sample/sample-1.1.jar");
  }

  @Test
  void a_worker_that_another_directory_has_is_named_with_it() throws IOException {
    Files.createDirectories(plugins.resolve("by-hand"));
    Files.copy(jar, plugins.resolve("by-hand/sample-0.9.jar"));

    assertThat(plugin("install", jar.toString())).isEqualTo(78);

    assertThat(err.toString()).contains("the worker 'sample' is installed in " + plugins.resolve("by-hand")
        + " (sample-0.9.jar): remove that with 'heartbeat plugin remove by-hand' first");
    assertThat(installedFiles()).containsExactly("by-hand/sample-0.9.jar");
  }

  @Test
  void a_file_with_another_checksum_is_not_installed() throws IOException {
    assertThat(plugin("install", jar.toString(), "--sha256", "00")).isEqualTo(78);

    assertThat(err.toString()).contains(jar + " has the checksum ", " and not 00: fetch it again");
    assertThat(plugins).doesNotExist();
  }

  @Test
  void a_plugin_that_breaks_a_rule_leaves_nothing_behind() throws IOException {
    WorkerProject project = WorkerProject.with(directory.resolve("broken"), DONE);
    project.nameFactories("Facotry");
    Path broken = jar("broken.jar", project);

    assertThat(plugin("install", broken.toString())).isEqualTo(78);

    assertThat(err.toString()).startsWith("heartbeat: " + broken + ": broken.jar: META-INF/services/"
        + "io.heartbeat4j.worker.WorkerFactory names Facotry, which is in no jar of the plugin");
    assertThat(plugins).isEmptyDirectory();
  }

  @Test
  void an_archive_that_leads_out_of_its_directory_is_refused() throws IOException {
    Path evil = directory.resolve("evil.zip");
    zip(evil, "../evil.jar", Files.readAllBytes(jar));

    assertThat(plugin("install", evil.toString())).isEqualTo(78);

    assertThat(err.toString()).contains(evil + ": the entry '../evil.jar' leads out of the plugin's directory");
    assertThat(plugins).isEmptyDirectory();
  }

  @Test
  void jars_that_were_changed_and_a_plugin_that_can_not_be_used_are_listed_as_such() throws IOException {
    plugin("install", jar.toString());
    Files.copy(jar, plugins.resolve("sample/added.jar"));
    Files.createDirectories(plugins.resolve("empty"));

    assertThat(plugin("list")).isEqualTo(78);
    assertThat(out.toString().lines()).satisfiesExactly(
        empty -> assertThat(empty).startsWith("empty: NOT USABLE: it has no jar at its top"),
        changed -> assertThat(changed).startsWith("sample: NOT USABLE: added.jar, sample-1.0.jar each name a worker")
            .endsWith("; its jars were changed after they were installed"));

    plugin("list", "--json");
    JsonNode sample = ProtocolJson.mapper().readTree(out.toString()).path("plugins").get(1);
    assertThat(sample.path("files").asText()).isEqualTo("changed");
    assertThat(sample.path("problem").asText()).contains("remove all but one");
  }

  @Test
  void what_does_not_exist_is_said_to() {
    assertThat(plugin("install", "greeter.zip")).isEqualTo(78);
    assertThat(err.toString()).contains("greeter.zip does not exist: name a plugin zip, a jar, or Maven coordinates");

    assertThat(plugin("remove", "../project")).isEqualTo(78);
    assertThat(err.toString()).contains("there is no plugin '../project' in " + plugins);
    assertThat(directory.resolve("project")).exists();
  }

  private List<String> installedFiles() throws IOException {
    try (Stream<Path> files = Files.walk(plugins)) {
      return files.filter(Files::isRegularFile).map(file -> plugins.relativize(file).toString()).sorted().toList();
    }
  }

  private int plugin(String... arguments) {
    out = new StringWriter();
    err = new StringWriter();
    CommandLine line = HeartbeatCommand.commandLine(Map.of("HEARTBEAT_PLUGINS", plugins.toString()));
    line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return line.execute(Stream.concat(Stream.of("plugin"), Stream.of(arguments)).toArray(String[]::new));
  }

  private Path jar(String name, WorkerProject project) throws IOException {
    Path built = Files.createTempDirectory(directory, "built");
    ProjectFiles.find(project.directory()).copyTo(built);
    return Files.move(built.resolve("classes.jar"), directory.resolve(name));
  }

  private static void zip(Path file, String name, byte[] content) throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry(name));
      zip.write(content);
    }
  }
}
