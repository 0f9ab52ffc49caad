package io.heartbeat4j.plugin;

import io.heartbeat4j.worker.DefaultValue;
import io.heartbeat4j.worker.Description;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One setting, as its record declares it.
 *
 * @param defaultValue as it is written in a configuration
 */
public record SettingDescription(String key, Type type, Optional<String> defaultValue, boolean required,
    String description) {

  /** The settings of a record, in its order. */
  public static List<SettingDescription> of(Class<? extends Record> settings) {
    return Arrays.stream(settings.getRecordComponents()).map(SettingDescription::of).toList();
  }

  private static SettingDescription of(RecordComponent component) {
    DefaultValue standard = component.getAnnotation(DefaultValue.class);
    Description description = component.getAnnotation(Description.class);
    boolean mayBeAbsent = standard != null
        || List.of(Optional.class, List.class, Map.class).contains(component.getType());
    return new SettingDescription(
        SettingsReader.toKebabCase(component.getName()),
        component.getGenericType(),
        Optional.ofNullable(standard).map(DefaultValue::value),
        !mayBeAbsent,
        description == null ? "" : description.value());
  }

  /** The type in words, for a person. */
  public String typeInWords() {
    return SettingTypeRegistry.describe(type);
  }
}
