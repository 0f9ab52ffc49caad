package io.heartbeat4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.heartbeat4j.host.config.HostConfiguration;
import io.heartbeat4j.redaction.Redactor;
import io.heartbeat4j.worker.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The configuration and the deployment files that are shipped are such as the host can use. */
class ShippedFilesTest {

  private static final Path MAIN = Path.of("src/main");
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final Map<String, String> KEYS = Map.of("WREN_PAPERCLIP_KEY", "for-this-test", "WREN_ACCESS_KEY",
      "wren-".repeat(5));

  @TempDir
  Path directory;

  @Test
  void the_example_of_a_host_can_be_used() throws IOException {
    assertUsable(Files.readString(MAIN.resolve("etc/host.yaml")));
  }

  @Test
  void the_examples_commented_lines_can_be_used_too() throws IOException {
    String everything = Files.readString(MAIN.resolve("etc/host.yaml"))
        .replaceAll(
            "(?m)^( *)# ?((listen|limits|  ?host|  ?port|  ?socket|  ?slots|  ?queue|  ?worker-slots|  ?connections"
                + "|  ?body-bytes|  ?drain|timeout|silence-timeout|grace|slots|queue|timer):.*)$",
            "$1$2");

    assertThat(everything).contains("\nlisten:").contains("\n  drain: 30s").contains("\n  timer: 15m");
    assertUsable(everything);
  }

  @ParameterizedTest
  @ValueSource(strings = {"src/main/etc/heartbeat.yaml", "../examples/cli-agents/heartbeat.yaml"})
  void the_examples_of_a_single_agent_can_be_used(Path file) throws Exception {
    RunConfiguration read = RunConfiguration.read(Optional.of(file), KEYS, Redactor.of(List.of()));

    assertThat(read.problems()).isEmpty();
    assertThat(schemaProblems("heartbeat", Files.readString(file))).isEmpty();
    read.worker().worker().close(); // made from the worker's settings, which are checked here
  }

  @Test
  void the_unit_starts_commands_that_there_are_and_waits_for_a_drain() throws IOException {
    List<String> unit = Files.readAllLines(MAIN.resolve("deploy/heartbeat4j.service"));

    for (String key : List.of("ExecStartPre", "ExecStart")) {
      String[] command = value(unit, key).split(" ");
      assertThat(command[0]).isEqualTo("/opt/heartbeat4j/bin/heartbeat");
      assertParses(Arrays.copyOfRange(command, 1, command.length));
    }
    assertThat(Duration.ofSeconds(Long.parseLong(value(unit, "TimeoutStopSec"))))
        .isGreaterThan(Duration.ofSeconds(30 + 5));
    assertThat(value(unit, "KillMode")).isEqualTo("mixed");
    assertThat(value(unit, "Restart")).isEqualTo("always");
  }

  @Test
  void the_image_copies_what_the_distribution_has_and_hands_signals_to_the_host() throws IOException {
    List<String> lines = Files.readAllLines(MAIN.resolve("deploy/Dockerfile"));

    assertThat(lines.stream().filter(line -> line.startsWith("COPY ")).map(line -> line.split(" ")[1]))
        .containsExactlyInAnyOrder("bin", "lib", "plugins", "etc");
    assertThat(lines).contains("ENTRYPOINT [\"/opt/heartbeat4j/bin/heartbeat\"]");
    String command = lines.stream().filter(line -> line.startsWith("CMD ")).findFirst().orElseThrow().substring(4);
    assertParses(YAML.readValue(command, String[].class));
    assertThat(lines).contains("USER 10001");
  }

  @Test
  void the_manifest_has_a_usable_configuration_one_host_and_probes_that_are_answered() throws IOException {
    List<JsonNode> documents = new ArrayList<>();
    YAML.readerFor(JsonNode.class).<JsonNode>readValues(Files.readString(MAIN.resolve("deploy/kubernetes.yaml")))
        .forEachRemaining(documents::add);
    JsonNode set = kind(documents, "StatefulSet");
    JsonNode pod = set.path("spec").path("template").path("spec");
    JsonNode host = pod.path("containers").path(0);

    assertUsable(kind(documents, "ConfigMap").path("data").path("host.yaml").asText());
    assertThat(set.path("spec").path("replicas").asInt()).isEqualTo(1);
    assertThat(pod.path("terminationGracePeriodSeconds").asInt()).isGreaterThan(35);
    assertThat(host.path("livenessProbe").path("httpGet").path("path").asText()).isEqualTo("/healthz");
    assertThat(host.path("readinessProbe").path("httpGet").path("path").asText()).isEqualTo("/readyz");
    assertThat(host.path("volumeMounts").findValuesAsText("mountPath"))
        .containsExactlyInAnyOrder("/etc/heartbeat4j", "/var/lib/heartbeat4j");
  }

  private void assertUsable(String yaml) throws IOException {
    Path file = Files.writeString(directory.resolve("host.yaml"), yaml);
    List<String> problems = new ArrayList<>(schemaProblems("host", yaml));
    try {
      HostConfiguration.read(file, KEYS, directory.resolve("plugins"), directory, secret -> {});
    } catch (SettingsException wrong) {
      problems.addAll(wrong.problems());
    }
    assertThat(problems).isEmpty();
  }

  private List<String> schemaProblems(String schema, String yaml) throws IOException {
    return PrintedSchemas.of(directory.resolve("plugins"))
        .problems(schema, YAML.readValue(yaml, new TypeReference<Map<String, Object>>() {
        }));
  }

  @ParameterizedTest
  @ValueSource(strings = {"src/main/etc/host.yaml", "src/main/etc/profiles.yaml", "src/main/etc/heartbeat.yaml",
      "../examples/cli-agents/heartbeat.yaml", "../examples/custom-distribution/src/main/etc/heartbeat.yaml"})
  void an_example_names_its_schema_for_an_editor_and_fits_it(Path file) throws IOException {
    String yaml = Files.readString(file);
    String schema = yaml.lines().findFirst().orElseThrow()
        .replaceFirst("^# yaml-language-server: \\$schema=.*schema/(\\w+)\\.schema\\.json$", "$1");

    assertThat(schema).isEqualTo(file.endsWith("heartbeat.yaml") ? "heartbeat" : "host");
    assertThat(schemaProblems(schema, yaml)).isEmpty();
  }

  private static void assertParses(String... arguments) {
    CommandLine.ParseResult parsed = HeartbeatCommand.commandLine(Map.of()).parseArgs(arguments);
    assertThat(parsed.hasSubcommand()).isTrue();
  }

  private static String value(List<String> unit, String key) {
    return unit.stream().filter(line -> line.startsWith(key + "=")).findFirst().orElseThrow()
        .substring(key.length() + 1);
  }

  private static JsonNode kind(List<JsonNode> documents, String kind) {
    return documents.stream().filter(each -> each.path("kind").asText().equals(kind)).findFirst().orElseThrow();
  }
}
