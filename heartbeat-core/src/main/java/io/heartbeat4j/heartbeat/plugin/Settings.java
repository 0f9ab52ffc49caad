package io.heartbeat4j.heartbeat.plugin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import io.heartbeat4j.client.ProtocolJson;
import io.heartbeat4j.worker.Default;
import io.heartbeat4j.worker.Secret;
import io.heartbeat4j.worker.SettingsException;
import io.heartbeat4j.worker.WorkerConfig;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Settings as they were written, in a file or in variables, and the records that are read from them. Problems are
 * collected and told at once.
 */
public final class Settings implements WorkerConfig {

  private final Map<String, Object> values;
  private final References references;
  private final String where;

  /**
   * @param where stands before every key in a problem, such as {@code worker.settings}
   * @param secrets is told every value that is a secret
   */
  public Settings(
      Map<String, Object> values, Map<String, String> environment, String where, Consumer<String> secrets) {
    this.values = new LinkedHashMap<>(values);
    this.references = new References(environment, secrets);
    this.where = where;
  }

  @Override
  public Map<String, Object> raw() {
    return Map.copyOf(values);
  }

  @Override
  public <T extends Record> T bind(Class<T> settings) {
    List<String> problems = new ArrayList<>();
    T bound = record(settings, values, where, problems);
    if (bound == null || !problems.isEmpty()) {
      throw new SettingsException(problems);
    }
    return bound;
  }

  private <T> @Nullable T record(Class<T> type, Map<String, Object> written, String path, List<String> problems) {
    RecordComponent[] components = type.getRecordComponents();
    Map<String, Object> rest = new LinkedHashMap<>();
    written.forEach((key, value) -> rest.put(dashed(key), value));
    List<String> known = new ArrayList<>();
    Object[] arguments = new Object[components.length];
    Class<?>[] types = new Class<?>[components.length];
    int before = problems.size();
    for (int i = 0; i < components.length; i++) {
      String key = dashed(components[i].getName());
      known.add(key);
      types[i] = components[i].getType();
      Object value = rest.remove(key);
      try {
        arguments[i] = component(components[i], value, path + "." + key, problems);
      } catch (IllegalArgumentException wrong) {
        problems.add(path + "." + key + ": " + wrong.getMessage());
      }
    }
    rest.keySet().forEach(key -> problems.add(
        path + "." + key + " is not a setting" + Nearest.hint(key, known) + " (known: " + String.join(", ", known) + ")"));
    return problems.size() > before ? null : create(type, types, arguments, path, problems);
  }

  private static <T> @Nullable T create(
      Class<T> type, Class<?>[] types, Object[] arguments, String path, List<String> problems) {
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

  private @Nullable Object component(
      RecordComponent component, @Nullable Object written, String path, List<String> problems) {
    Object value = written;
    Default standard = component.getAnnotation(Default.class);
    if (value == null && standard != null) {
      value = standard.value();
    }
    if (component.getType() == Optional.class) {
      return value == null ? Optional.empty() : Optional.ofNullable(value(argument(component.getGenericType(), 0), value, path, problems));
    }
    if (value == null) {
      if (component.getType() == List.class) {
        return List.of();
      }
      if (component.getType() == Map.class) {
        return Map.of();
      }
      problems.add(path + " is missing: a " + words(component.getGenericType()));
      return null;
    }
    return value(component.getGenericType(), value, path, problems);
  }

  private @Nullable Object value(Type type, Object written, String path, List<String> problems) {
    Class<?> raw = raw(type);
    if (raw == List.class) {
      List<Object> items = new ArrayList<>();
      int i = 0;
      for (Object item : list(written)) {
        Object read = value(argument(type, 0), item, path + "[" + i++ + "]", problems);
        if (read != null) {
          items.add(read);
        }
      }
      return List.copyOf(items);
    }
    if (raw == Map.class) {
      Map<String, Object> entries = new LinkedHashMap<>();
      map(written).forEach((key, item) -> {
        Object read = value(argument(type, 1), item, path + "." + key, problems);
        if (read != null) {
          entries.put(key, read);
        }
      });
      return entries;
    }
    if (raw.isRecord()) {
      return record(raw, map(written), path, problems);
    }
    if (raw == Object.class) {
      return written;
    }
    return plain(raw, written, path, problems);
  }

  private @Nullable Object plain(Class<?> type, Object written, String path, List<String> problems) {
    if (written instanceof Map || written instanceof List) {
      problems.add(path + " is a " + (written instanceof Map ? "map" : "list") + ", it should be a " + SettingValues.words(type));
      return null;
    }
    try {
      String text = references.read(String.valueOf(written));
      if (type == Secret.class) {
        references.isSecret(text);
      }
      return SettingValues.parse(type, text);
    } catch (IllegalArgumentException wrong) {
      problems.add(path + ": " + wrong.getMessage());
      return null;
    }
  }

  /** A list in one variable is a JSON array; anything else is its only element. */
  private static List<?> list(Object written) {
    if (written instanceof List<?> list) {
      return list;
    }
    String text = String.valueOf(written).strip();
    return text.startsWith("[") ? json(text, new TypeReference<List<Object>>() {}) : List.of(written);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Object written) {
    if (written instanceof Map<?, ?> map) {
      Map<String, Object> named = new LinkedHashMap<>();
      map.forEach((key, value) -> named.put(String.valueOf(key), value));
      return named;
    }
    String text = String.valueOf(written).strip();
    if (!text.startsWith("{")) {
      throw new IllegalArgumentException("'" + text + "' is not a map; in a variable, write a JSON object");
    }
    return json(text, new TypeReference<Map<String, Object>>() {});
  }

  private static <T> T json(String text, TypeReference<T> type) {
    try {
      return ProtocolJson.mapper().readValue(text, type);
    } catch (JsonProcessingException malformed) {
      throw new IllegalArgumentException("it starts like JSON but is not: " + malformed.getOriginalMessage(), malformed);
    }
  }

  /** A type in words, for {@code heartbeat workers} and for problems. */
  static String words(Type type) {
    Class<?> raw = raw(type);
    if (raw == Optional.class) {
      return words(argument(type, 0));
    }
    if (raw == List.class) {
      return "list of " + words(argument(type, 0));
    }
    return raw == Map.class ? "map to " + words(argument(type, 1)) : SettingValues.words(raw);
  }

  private static Class<?> raw(Type type) {
    return type instanceof ParameterizedType parameterized ? (Class<?>) parameterized.getRawType() : (Class<?>) type;
  }

  private static Type argument(Type type, int index) {
    return ((ParameterizedType) type).getActualTypeArguments()[index];
  }

  /** {@code noOutputTimeout}, {@code NO_OUTPUT_TIMEOUT} and {@code no-output-timeout} are one key. */
  static String dashed(String key) {
    String spelled = key.equals(key.toUpperCase(Locale.ROOT)) ? key.toLowerCase(Locale.ROOT) : key;
    return spelled.replaceAll("([a-z0-9])([A-Z])", "$1-$2").replace('_', '-').toLowerCase(Locale.ROOT);
  }
}
