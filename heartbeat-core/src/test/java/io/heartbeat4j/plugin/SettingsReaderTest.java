package io.heartbeat4j.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.heartbeat4j.worker.DefaultValue;
import io.heartbeat4j.worker.Secret;
import io.heartbeat4j.worker.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsReaderTest {

  enum Mode {
    READ_ONLY, FREE
  }

  record Model(String name, @DefaultValue("0.5") double temperature) {}

  record Example(
      String name,
      @DefaultValue("5m") Duration noOutputTimeout,
      @DefaultValue("read-only") Mode mode,
      @DefaultValue("3") int tries,
      @DefaultValue("false") boolean strict,
      Optional<Path> workspace,
      List<String> command,
      Map<String, String> environment,
      Optional<Secret> token,
      Optional<Model> model,
      Optional<Instant> until) {

    Example {
      if (tries < 0) {
        throw new IllegalArgumentException("tries is at least 0");
      }
    }
  }

  private final List<String> secrets = new ArrayList<>();
  private final Map<String, String> environment = Map.of("TOKEN", "sesame-open", "EMPTY", "");

  private Example bind(Map<String, Object> written) {
    return new SettingsReader(written, environment, "worker.settings", secrets::add).bind(Example.class);
  }

  private List<String> problems(Map<String, Object> written) {
    return catchThrowableOfType(SettingsException.class, () -> bind(written)).problems();
  }

  @Test
  void what_is_left_out_has_its_default_or_is_empty() {
    assertThat(bind(Map.of("name", "x"))).isEqualTo(new Example("x", Duration.ofMinutes(5), Mode.READ_ONLY, 3, false,
        Optional.empty(), List.of(), Map.of(), Optional.empty(), Optional.empty(), Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"no-output-timeout", "noOutputTimeout", "NO_OUTPUT_TIMEOUT", "no_output_timeout"})
  void a_key_may_be_spelled_as_in_java_in_yaml_or_in_a_variable(String key) {
    assertThat(bind(Map.of("name", "x", key, "90s")).noOutputTimeout()).isEqualTo(Duration.ofSeconds(90));
  }

  @Test
  void every_problem_is_told_at_once_with_its_key_and_the_nearest_known_one() {
    assertThat(
        problems(Map.of("no-output-timeuot", "1m", "mode", "wild", "tries", "many", "command", Map.of("a", "b"))))
        .hasSize(5)
        .anySatisfy(problem -> assertThat(problem).isEqualTo("worker.settings.name is missing: a text"))
        .anySatisfy(problem -> assertThat(problem)
            .startsWith("worker.settings.no-output-timeuot is not a setting, did you mean 'no-output-timeout'?")
            .contains("(known: name, no-output-timeout, "))
        .contains("worker.settings.mode: 'wild' is not one of read-only, free",
            "worker.settings.tries: 'many' is not a whole number",
            "worker.settings.command[0]: it is a map, it should be a text");
  }

  @Test
  void a_key_that_is_like_no_other_gets_no_suggestion() {
    assertThat(problems(Map.of("name", "x", "zzzzzzzzzzzzzz", 1)).get(0)).doesNotContain("did you mean");
  }

  @Test
  void what_the_record_itself_refuses_is_a_problem_too() {
    assertThat(problems(Map.of("name", "x", "tries", -1))).containsExactly("worker.settings: tries is at least 0");
  }

  @Test
  void problems_in_nested_records_lists_and_maps_name_the_place() {
    assertThat(problems(Map.of("name", "x", "model", Map.of("temprature", 1),
        "environment", Map.of("PATH", List.of("a")))))
        .containsExactlyInAnyOrder(
            "worker.settings.environment.PATH: it is a list, it should be a text",
            "worker.settings.model.name is missing: a text",
            "worker.settings.model.temprature is not a setting, did you mean 'temperature'? (known: name, temperature)");
  }

  @ParameterizedTest
  @CsvSource({"90s,PT1M30S", "5m,PT5M", "1h30m,PT1H30M", "250ms,PT0.25S", "2d,PT48H", "0,PT0S", "PT2S,PT2S",
      "' 7s ',PT7S"})
  void durations_are_written_short_or_in_iso(String written, Duration duration) {
    assertThat(bind(Map.of("name", "x", "no-output-timeout", written)).noOutputTimeout()).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "m", "5 m", "5x", "5m!", "-5m", "1.5h", "P1Q", "99999999999999999999s",
      "9223372036854775807d"})
  void what_is_no_duration_is_refused_with_an_example(String written) {
    assertThat(problems(Map.of("name", "x", "no-output-timeout", written))).containsExactly(
        "worker.settings.no-output-timeout: '" + written + "' is not a duration, such as 90s, 5m or 1h30m");
  }

  @Property
  void minutes_and_seconds_add_up(@ForAll @IntRange(min = 0, max = 9_999) int minutes,
      @ForAll @IntRange(min = 0, max = 59) int seconds) {
    assertThat(SettingTypeRegistry.duration(minutes + "m" + seconds + "s"))
        .isEqualTo(Duration.ofSeconds(minutes * 60L + seconds));
  }

  @Property
  void whatever_is_written_is_bound_or_refused_with_every_problem(@ForAll("written") Map<String, Object> written) {
    try {
      assertThat(bind(written).name()).isNotNull();
    } catch (SettingsException refused) {
      assertThat(refused.problems()).isNotEmpty().noneMatch(problem -> problem.contains("sesame-open"));
    }
  }

  @Provide
  Arbitrary<Map<String, Object>> written() {
    Arbitrary<String> keys = Arbitraries.of("name", "no-output-timeout", "mode", "tries", "strict", "workspace",
        "command", "environment", "token", "model", "until", "other", "", "-");
    Arbitrary<Object> values = Arbitraries.of("x", "", "${ENV:TOKEN}", "${ENV:NONE}", "${FILE:/}", "${ENV:",
        "${FILE:\0}",
        "\0", "[\"a\"", "[".repeat(2_000), "{\"a\": {}}", "PT1S", "99999999999999999999d", "1e999",
        "+1000000000-01-01T00:00:00Z",
        -1, 1L << 40, 1e300, true, List.of(), List.of(1, List.of()), Map.of(), Map.of("name", List.of()));
    return Arbitraries.maps(keys, values).ofMaxSize(6);
  }

  @ParameterizedTest
  @CsvSource({"true,true", "yes,true", "on,true", "false,false", "no,false", "off,false", "TRUE,true"})
  void flags_are_written_as_in_yaml(String written, boolean flag) {
    assertThat(bind(Map.of("name", "x", "strict", written)).strict()).isEqualTo(flag);
  }

  @Test
  void a_flag_is_nothing_else() {
    assertThat(problems(Map.of("name", "x", "strict", "maybe")))
        .containsExactly("worker.settings.strict: 'maybe' is not true or false");
  }

  @Test
  void lists_maps_and_records_in_a_variable_are_json() {
    Example example = bind(Map.of("name", "x", "command", "[\"a b\", \"c\"]", "environment", "{\"A\": \"1\", \"B\": 2}",
        "model", "{\"name\": \"m\"}"));

    assertThat(example.command()).containsExactly("a b", "c");
    assertThat(example.environment()).containsOnly(Map.entry("A", "1"), Map.entry("B", "2"));
    assertThat(example.model()).contains(new Model("m", 0.5));
  }

  @Test
  void one_word_is_a_list_of_one() {
    assertThat(bind(Map.of("name", "x", "command", "./work.sh")).command()).containsExactly("./work.sh");
  }

  @Test
  void broken_json_in_a_variable_is_refused_without_repeating_it() {
    assertThat(problems(Map.of("name", "x", "command", "[\"sesame", "environment", "sesame")))
        .hasSize(2).allSatisfy(problem -> assertThat(problem).doesNotContain("sesame"))
        .anySatisfy(problem -> assertThat(problem).contains("command: it starts like JSON but is not"))
        .anySatisfy(problem -> assertThat(problem)
            .contains("environment: it is not a map; in a variable, write a JSON object"));
  }

  @Test
  void references_are_read_from_variables_and_files_and_told_to_the_redactor(@TempDir Path directory)
      throws IOException {
    Path file = Files.writeString(directory.resolve("token"), "from-a-file\n");

    Example example = bind(Map.of("name", "key=${ENV:TOKEN}", "token", "${FILE:" + file + "}",
        "environment", Map.of("BOTH", "${ENV:TOKEN}/${FILE:" + file + "}")));

    assertThat(example.name()).isEqualTo("key=sesame-open");
    assertThat(example.token().orElseThrow().reveal()).isEqualTo("from-a-file");
    assertThat(example.environment()).containsEntry("BOTH", "sesame-open/from-a-file");
    assertThat(secrets).contains("sesame-open", "from-a-file");
  }

  @Test
  void a_secret_is_told_to_the_redactor_and_never_printed_even_where_it_was_written_plainly() {
    Example example = bind(Map.of("name", "x", "token", "plainly-written"));

    assertThat(secrets).containsExactly("plainly-written");
    assertThat(example.toString()).contains("***").doesNotContain("plainly-written");
  }

  @Test
  void a_reference_to_nothing_is_named() {
    assertThat(problems(Map.of("name", "${ENV:NOT_THERE}", "token", "${FILE:/no/such/file}"))).containsExactly(
        "worker.settings.name: the environment variable NOT_THERE is not set",
        "worker.settings.token: there is no file /no/such/file");
  }

  @Test
  void a_value_that_a_reference_brought_in_stands_in_no_problem() {
    assertThat(problems(Map.of("name", "x", "tries", "${ENV:TOKEN}")))
        .containsExactly("worker.settings.tries: '${ENV:TOKEN}' is not a whole number");
  }

  @Test
  void the_list_of_settings_says_what_each_is_and_whether_it_is_needed() {
    assertThat(SettingDescription.of(Example.class))
        .extracting(SettingDescription::key, SettingDescription::typeInWords, SettingDescription::defaultValue,
            SettingDescription::required)
        .contains(
            tuple("name", "text", Optional.empty(), true),
            tuple("no-output-timeout", "duration, such as 90s, 5m or 1h30m", Optional.of("5m"), false),
            tuple("mode", "one of read-only, free", Optional.of("read-only"), false),
            tuple("command", "list of text", Optional.empty(), false),
            tuple("token", "secret text", Optional.empty(), false));
  }
}
