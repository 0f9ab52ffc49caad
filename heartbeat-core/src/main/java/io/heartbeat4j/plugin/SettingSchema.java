package io.heartbeat4j.plugin;

import io.heartbeat4j.worker.Secret;
import java.lang.reflect.Type;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One setting as a form shows it, in the words of JSON schema.
 *
 * @param type string, integer, number, boolean or array
 * @param choices the only values, where there are such
 */
public record SettingSchema(String type, String description, Optional<String> defaultValue, List<String> choices) {

  public SettingSchema {
    choices = List.copyOf(choices);
  }

  /**
   * The settings of a record that a form can show, by key, those of a nested record with a dot, as in {@code
   * model.name}. Secrets, maps, and lists of records are left out.
   */
  public static Map<String, SettingSchema> of(Class<? extends Record> settings) {
    Map<String, SettingSchema> found = new LinkedHashMap<>();
    collect(settings, "", found);
    return found;
  }

  private static void collect(Class<? extends Record> settings, String prefix, Map<String, SettingSchema> found) {
    for (SettingDescription setting : SettingDescription.of(settings)) {
      Class<?> raw = SettingTypeRegistry.rawType(setting.type());
      Type inner = raw == Optional.class || raw == List.class
          ? SettingTypeRegistry.typeArgument(setting.type(), 0)
          : setting.type();
      Class<?> value = SettingTypeRegistry.rawType(inner);
      String key = prefix + setting.key();
      if (value.isRecord() && raw != List.class) {
        collect(value.asSubclass(Record.class), key + ".", found);
      } else if (SettingTypeRegistry.isScalar(value) && value != Secret.class) {
        found.put(key, new SettingSchema(raw == List.class ? "array" : SettingTypeRegistry.jsonType(value),
            setting.description(), setting.defaultValue(), SettingTypeRegistry.constants(value)));
      }
    }
  }

  /** The default as JSON has it: a number or a boolean where the type is one. */
  public Optional<Object> defaultAsJson() {
    return defaultValue.map(text -> SettingTypeRegistry.toJson(type, text));
  }
}
