package io.heartbeat4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.heartbeat4j.plugin.SettingsJsonSchema;
import io.heartbeat4j.plugin.SettingsReader;
import io.heartbeat4j.worker.Secret;
import io.heartbeat4j.worker.SettingsException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The schemas for editors: they say of a file what the host that reads it would say. */
class SchemaCommandTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  @TempDir
  Path directory;

  private PrintedSchemas printed() throws IOException {
    return PrintedSchemas.of(directory.resolve("no-plugins"));
  }

  @Test
  void there_is_one_for_each_file_and_each_worker_and_each_is_a_schema() throws IOException {
    assertThat(printed().schemas()).containsKeys("host", "agent", "heartbeat", "shell", "llm").allSatisfy(
        (name, schema) -> assertThat(PrintedSchemas.problemsOfSchema(schema)).as(name).isEmpty());
  }

  @Test
  void a_default_is_such_as_its_setting_may_be() throws IOException {
    ObjectNode host = Objects.requireNonNull(printed().schemas().get("host")); // has those of all workers too

    assertThat(host.findParents("default")).hasSizeGreaterThan(20).allSatisfy(setting -> assertThat(
        PrintedSchemas.problems((ObjectNode) setting, setting.path("default"))).as(setting.toString()).isEmpty());
  }

  @Test
  void a_name_that_is_none_is_an_argument_that_is_wrong() {
    assertThat(HeartbeatCommand.commandLine(Map.of()).execute("schema", "shel")).isEqualTo(ExitCode.USAGE.code());
  }

  @Test
  void all_of_them_are_written_into_a_directory() throws IOException {
    int code = HeartbeatCommand.commandLine(Map.of("HEARTBEAT_PLUGINS", directory.resolve("no-plugins").toString()))
        .execute("schema", "--all", directory.resolve("schema").toString());

    assertThat(code).isZero();
    assertThat(JSON.readTree(directory.resolve("schema/shell.schema.json").toFile()))
        .isEqualTo(JSON.readTree(String.valueOf(printed().schemas().get("shell"))));
  }

  @Test
  void the_settings_of_a_worker_are_completed_where_its_name_is_written() throws IOException {
    ObjectNode heartbeat = Objects.requireNonNull(printed().schemas().get("heartbeat"));
    JsonNode settings = heartbeat.at("/properties/worker/allOf").findValues("then").stream()
        .map(then -> then.at("/properties/settings/properties")).filter(each -> each.has("output")).findFirst()
        .orElseThrow();

    assertThat(settings.at("/output/description").asText()).isNotEmpty();
    assertThat(settings.at("/output/anyOf/0/enum").toString()).contains("claude");
    assertThat(settings.at("/shell/default").isBoolean()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      host      | {server: 'http://localhost:3100', agents: {wren: {key: x}}, slot: 4}
      host      | {listen: {prt: 8787}}
      host      | {defaults: {timout: 2h}}
      host      | {agents: {wren: {kee: x}}}
      host      | {agents: {wren: {key: x, worker: {name: shell, settings: {comand: [a]}}}}}
      host      | {profiles: {p: {worker: {name: shell, settings: {command: [a]}}, modles: []}}}
      host      | {profiles: {p: {worker: {name: llm, settings: {model: {provider: openai, nam: x}, workspace: w}}}}}
      agent     | {worker: {nam: shell}}
      heartbeat | {worker: {name: shell, settings: {command: [a], timeuot: 1h}}}
      heartbeat | {limits: {repetition: 3}}
      shell     | {command: [a], work-space: x}
      """)
  void a_misspelt_key_is_refused_wherever_it_stands(String schema, String yaml) throws IOException {
    assertThat(printed().problems(schema, YAML.readValue(yaml, new TypeReference<Map<String, Object>>() {
    }))).isNotEmpty();
  }

  @Test
  void the_settings_of_a_worker_that_is_not_known_are_not_checked() throws IOException {
    assertThat(printed().problems("heartbeat",
        Map.of("worker", Map.of("name", "of-my-own", "settings", Map.of("anything", 1))))).isEmpty();
  }

  enum Mode {
    READ_ONLY, FREE
  }

  record Nested(String name) {}

  record Everything(Optional<String> text, Optional<Integer> number, Optional<Boolean> flag,
      Optional<BigDecimal> amount, Optional<Duration> duration, Optional<Mode> mode, Optional<Path> path,
      Optional<Secret> secret, List<Integer> numbers, List<Nested> records, Map<String, Integer> map,
      Optional<Nested> nested) {}

  @ParameterizedTest
  @ValueSource(strings = {"text", "number", "flag", "amount", "duration", "mode", "path", "secret", "numbers",
      "records", "map", "nested"})
  void a_value_is_accepted_by_the_schema_where_it_is_by_the_reader(String key) throws IOException {
    ObjectNode schema = SettingsJsonSchema.of(Everything.class);
    List<String> differences = new ArrayList<>();
    for (String written : List.of("text", "5", "-3", "'5'", "2.5", "'2.5'", "true", "'off'", "[]", "[1, 2]",
        "['1', x]", "{}", "{a: 1}", "{a: x}", "[{name: x}]", "[{nam: x}]", "{name: x}", "{name: x, more: 1}", "90s",
        "1h30m", "0", "30", "1x", "PT5M", "read-only", "free", "'${ENV:FIVE}'")) {
      Map<String, Object> values = YAML.readValue("{" + key + ": " + written + "}", new TypeReference<>() {
      });
      boolean bound = binds(values);
      boolean valid = PrintedSchemas.problems(schema, YAML.valueToTree(values)).isEmpty();
      boolean reference = written.contains("ENV"); // what it brings in is not known to a schema
      if (bound != valid && !(valid && reference)) {
        differences.add(written + ": the reader " + (bound ? "takes" : "refuses") + " it, the schema does not");
      }
    }
    assertThat(differences).isEmpty();
  }

  private static boolean binds(Map<String, Object> values) {
    try {
      new SettingsReader(values, Map.of("FIVE", "5"), "settings", secret -> {}).bind(Everything.class);
      return true;
    } catch (SettingsException wrong) {
      return false;
    }
  }
}
