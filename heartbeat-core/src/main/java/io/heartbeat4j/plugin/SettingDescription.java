package io.heartbeat4j.plugin;

import io.heartbeat4j.worker.DefaultValue;
import io.heartbeat4j.worker.Description;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One setting of a worker, for a person. */
public record SettingDescription(String key, String type, Optional<String> defaultValue, boolean required,
    String description) {

  /** The settings of a record, in its order. */
  public static List<SettingDescription> of(Class<? extends Record> settings) {
    return Arrays.stream(settings.getRecordComponents())
        .map(component -> {
          DefaultValue standard = component.getAnnotation(DefaultValue.class);
          Description description = component.getAnnotation(Description.class);
          boolean mayBeAbsent = standard != null
              || List.of(Optional.class, List.class, Map.class).contains(component.getType());
          return new SettingDescription(
              SettingsReader.toKebabCase(component.getName()),
              SettingTypeRegistry.describe(component.getGenericType()),
              Optional.ofNullable(standard).map(DefaultValue::value),
              !mayBeAbsent,
              description == null ? "" : description.value());
        })
        .toList();
  }
}
