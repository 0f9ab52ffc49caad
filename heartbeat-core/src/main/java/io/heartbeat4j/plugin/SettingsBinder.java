package io.heartbeat4j.plugin;

import io.heartbeat4j.worker.DefaultValue;
import io.heartbeat4j.worker.Secret;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads written values into records, component by component; what can't be read becomes a problem and null. */
final class SettingsBinder {

  private static final int MAX_SHOWN = 200; // characters of a wrong value in a problem

  private final PlaceholderResolver placeholders;
  private final List<String> problems;
  private final boolean literal;

  SettingsBinder(PlaceholderResolver placeholderResolver, List<String> problems) {
    this(placeholderResolver, problems, false);
  }

  /** @param literal whether a reference in a value is plain text */
  private SettingsBinder(PlaceholderResolver placeholderResolver, List<String> problems, boolean literal) {
    this.placeholders = placeholderResolver;
    this.problems = problems;
    this.literal = literal;
  }

  /** A value in which references are plain text. */
  record LiteralValue(Object value) {}

  <T> @Nullable T bindRecord(Class<T> type, Map<String, Object> written, String path) {
    RecordComponent[] components = type.getRecordComponents();
    Map<String, Object> rest = new LinkedHashMap<>();
    written.forEach((key, value) -> rest.put(SettingsReader.toKebabCase(key), value));
    List<String> known = new ArrayList<>();
    Object[] arguments = new Object[components.length];
    Class<?>[] types = new Class<?>[components.length];
    int before = problems.size();
    for (int i = 0; i < components.length; i++) {
      String key = SettingsReader.toKebabCase(components[i].getName());
      known.add(key);
      types[i] = components[i].getType();
      arguments[i] = component(components[i], rest.remove(key), path + "." + key);
    }
    rest.keySet().forEach(key -> problems.add(
        path + "." + key + " is not a setting" + NameSuggestion.didYouMean(key, known) + " (known: "
            + String.join(", ", known) + ")"));
    return problems.size() > before ? null : create(type, types, arguments, path);
  }

  private <T> @Nullable T create(Class<T> type, Class<?>[] types, Object[] arguments, String path) {
    try {
      Constructor<T> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(arguments);
    } catch (InvocationTargetException rejected) {
      Throwable cause = rejected.getCause();
      problems.add(path + ": " + (cause == null ? rejected : cause.getMessage()));
      return null;
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException("the settings record " + type.getName() + " can't be made", impossible);
    }
  }

  private @Nullable Object component(RecordComponent component, @Nullable Object written, String path) {
    DefaultValue standard = component.getAnnotation(DefaultValue.class);
    Object value = written == null && standard != null ? standard.value() : written;
    Class<?> type = component.getType();
    if (type == Optional.class) {
      return value == null
          ? Optional.empty()
          : Optional.ofNullable(value(SettingTypeRegistry.typeArgument(component.getGenericType(), 0), value, path));
    }
    if (value != null) {
      return value(component.getGenericType(), value, path);
    }
    if (type == List.class) {
      return List.of();
    }
    if (type == Map.class) {
      return Map.of();
    }
    problems.add(path + " is missing: " + SettingTypeRegistry.describeWithArticle(component.getGenericType()));
    return null;
  }

  private @Nullable Object value(Type type, Object written, String path) {
    if (written instanceof LiteralValue(Object text)) {
      return new SettingsBinder(placeholders, problems, true).value(type, text, path);
    }
    Class<?> raw = SettingTypeRegistry.rawType(type);
    try {
      if (raw == List.class) {
        return list(SettingTypeRegistry.typeArgument(type, 0), SettingCollectionParser.list(written), path);
      }
      if (raw == Map.class) {
        return map(SettingTypeRegistry.typeArgument(type, 1), SettingCollectionParser.map(written), path);
      }
      if (raw.isRecord()) {
        return bindRecord(raw, SettingCollectionParser.map(written), path);
      }
      return raw == Object.class ? written : scalar(raw, written);
    } catch (IllegalArgumentException wrong) {
      problems.add(path + ": " + wrong.getMessage());
      return null;
    }
  }

  private List<Object> list(Type type, List<?> written, String path) {
    List<Object> items = new ArrayList<>();
    for (int i = 0; i < written.size(); i++) {
      Object item = value(type, written.get(i), path + "[" + i + "]");
      if (item != null) {
        items.add(item);
      }
    }
    return List.copyOf(items);
  }

  private Map<String, Object> map(Type type, Map<String, Object> written, String path) {
    Map<String, Object> entries = new LinkedHashMap<>();
    written.forEach((key, item) -> {
      Object entry = value(type, item, path + "." + key);
      if (entry != null) {
        entries.put(key, entry);
      }
    });
    return entries;
  }

  private Object scalar(Class<?> type, Object written) {
    if (written instanceof Map || written instanceof List) {
      throw new IllegalArgumentException(
          "it is a " + (written instanceof Map ? "map" : "list") + ", it should be "
              + SettingTypeRegistry.describeWithArticle(type));
    }
    String text = literal ? String.valueOf(written) : placeholders.resolve(String.valueOf(written));
    if (type == Secret.class) {
      placeholders.registerSecret(text);
    }
    try {
      Object value = SettingTypeRegistry.parse(type, text);
      return value instanceof Path path ? placeholders.absolute(path) : value;
    } catch (IllegalArgumentException wrong) {
      // as it was written: what a reference brought in may be a secret
      throw new IllegalArgumentException(
          "'" + shortened(String.valueOf(written)) + "' is not " + SettingTypeRegistry.describeWithArticle(type),
          wrong);
    }
  }

  private static String shortened(String written) {
    return written.length() > MAX_SHOWN ? written.substring(0, MAX_SHOWN) + "..." : written;
  }
}
