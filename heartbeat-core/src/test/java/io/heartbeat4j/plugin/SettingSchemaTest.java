package io.heartbeat4j.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heartbeat4j.worker.DefaultValue;
import io.heartbeat4j.worker.Description;
import io.heartbeat4j.worker.Secret;
import io.heartbeat4j.worker.SettingsException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Settings that a form shows, and values that come from one. */
class SettingSchemaTest {

  enum Effort {
    LOW, VERY_HIGH
  }

  record ModelSettings(String name, @DefaultValue("8192") int maxTokens, Optional<Secret> apiKey) {}

  record FormSettings(
      ModelSettings model,
      @Description("how hard") @DefaultValue("low") Effort effort,
      Optional<BigDecimal> maxCost,
      List<String> files,
      @DefaultValue("5m") Duration timeout,
      @DefaultValue("false") boolean trusted,
      Map<String, String> environment,
      List<ModelSettings> others) {}

  private final List<String> secrets = new ArrayList<>();

  @Test
  void plain_settings_are_shown_with_type_default_and_choices_and_secrets_maps_and_records_in_lists_are_not() {
    Map<String, SettingSchema> schemas = SettingSchema.of(FormSettings.class);

    assertThat(schemas).containsExactly(
        Map.entry("model.name", new SettingSchema("string", "", Optional.empty(), List.of())),
        Map.entry("model.max-tokens", new SettingSchema("integer", "", Optional.of("8192"), List.of())),
        Map.entry("effort", new SettingSchema("string", "how hard", Optional.of("low"), List.of("low", "very-high"))),
        Map.entry("max-cost", new SettingSchema("number", "", Optional.empty(), List.of())),
        Map.entry("files", new SettingSchema("array", "", Optional.empty(), List.of())),
        Map.entry("timeout", new SettingSchema("string", "", Optional.of("5m"), List.of())),
        Map.entry("trusted", new SettingSchema("boolean", "", Optional.of("false"), List.of())));
  }

  private SettingsReader written() {
    return new SettingsReader(
        Map.of("model", Map.of("name", "small", "maxTokens", 100, "api-key", "${ENV:KEY}"), "files",
            List.of("${ENV:KEY}")),
        Map.of("KEY", "the host's"), "settings", secrets::add);
  }

  @Test
  void an_override_takes_the_place_of_its_own_key_only() {
    FormSettings bound = written().withOverrides(Map.of("model.max-tokens", 200, "effort", "very-high"))
        .bind(FormSettings.class);

    assertThat(bound.model().name()).isEqualTo("small");
    assertThat(bound.model().maxTokens()).isEqualTo(200);
    assertThat(bound.model().apiKey().map(Secret::reveal)).contains("the host's");
    assertThat(bound.effort()).isEqualTo(Effort.VERY_HIGH);
    assertThat(bound.files()).containsExactly("the host's");
  }

  @Test
  void a_reference_in_an_override_is_text_however_it_is_wrapped() {
    String escaped = "[\"" + "\\u0024" + "{ENV:KEY}\"]";

    for (Object value : List.of(List.of("${ENV:KEY}"), "${ENV:KEY}", escaped)) {
      assertThat(written().withOverrides(Map.of("files", value)).bind(FormSettings.class).files())
          .containsExactly("${ENV:KEY}");
    }
    assertThat(written().withOverrides(Map.of("model.name", "${FILE:/etc/passwd}")).bind(FormSettings.class).model()
        .name()).isEqualTo("${FILE:/etc/passwd}");
  }

  @Test
  void a_wrong_override_is_told_with_its_key_and_a_long_one_is_shortened() {
    assertThatThrownBy(() -> written().withOverrides(Map.of("effort", "x".repeat(100_000))).bind(FormSettings.class))
        .isInstanceOfSatisfying(SettingsException.class, wrong -> assertThat(wrong.problems()).singleElement()
            .asString().startsWith("settings.effort: 'xxx").contains("...' is not one of low, very-high")
            .hasSizeLessThan(300));
  }
}
