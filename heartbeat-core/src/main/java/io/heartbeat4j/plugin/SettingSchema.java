package io.heartbeat4j.plugin;

import io.heartbeat4j.worker.DefaultValue;
import io.heartbeat4j.worker.Description;
import io.heartbeat4j.worker.Secret;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One setting as a form shows it, in the words of JSON schema.
 *
 * @param type string, integer, number, boolean or array
 * @param choices the only values, where there are such
 */
public record SettingSchema(String type, String description, Optional<String> defaultValue, List<String> choices) {

  private static final Set<Class<?>> INTEGERS = Set.of(int.class, Integer.class, long.class, Long.class);
  private static final Set<Class<?>> NUMBERS = Set.of(double.class, Double.class, BigDecimal.class);

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

  private static void collect(Class<?> settings, String prefix, Map<String, SettingSchema> found) {
    for (RecordComponent component : settings.getRecordComponents()) {
      String key = prefix + SettingsReader.toKebabCase(component.getName());
      Type type = component.getGenericType();
      Class<?> raw = SettingTypeRegistry.rawType(type);
      Type inner = raw == Optional.class || raw == List.class ? SettingTypeRegistry.typeArgument(type, 0) : type;
      Class<?> value = SettingTypeRegistry.rawType(inner);
      if (value.isRecord() && raw != List.class) {
        collect(value, key + ".", found);
      } else if (SettingTypeRegistry.isScalar(value) && value != Secret.class) {
        found.put(key, of(component, raw == List.class ? "array" : typeName(value), value));
      }
    }
  }

  private static SettingSchema of(RecordComponent component, String type, Class<?> value) {
    DefaultValue standard = component.getAnnotation(DefaultValue.class);
    Description description = component.getAnnotation(Description.class);
    return new SettingSchema(type, description == null ? "" : description.value(),
        Optional.ofNullable(standard).map(DefaultValue::value),
        SettingTypeRegistry.constants(value));
  }

  private static String typeName(Class<?> value) {
    return INTEGERS.contains(value)
        ? "integer"
        : NUMBERS.contains(value)
            ? "number"
            : value == boolean.class || value == Boolean.class ? "boolean" : "string";
  }
}
