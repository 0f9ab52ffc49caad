package io.heartbeat4j.plugin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Parses lists and maps: as a configuration file has them, or as JSON in an environment variable. */
final class SettingCollectionParser {

  /** Created at first use: most settings are written in a file, not in a variable. */
  private static final class Json {
    static final ObjectMapper MAPPER = new ObjectMapper();
  }

  private SettingCollectionParser() {}

  /** A list in one variable is a JSON array; anything else is its only element. */
  static List<?> list(Object written) {
    if (written instanceof List<?> list) {
      return list;
    }
    String text = String.valueOf(written).strip();
    return text.startsWith("[") ? json(text, new TypeReference<List<Object>>() {
    }) : List.of(written);
  }

  /** @throws IllegalArgumentException if it is neither a map nor a JSON object; the text is not repeated */
  static Map<String, Object> map(Object written) {
    if (written instanceof Map<?, ?> map) {
      Map<String, Object> named = new LinkedHashMap<>();
      map.forEach((key, value) -> named.put(String.valueOf(key), value));
      return named;
    }
    String text = String.valueOf(written).strip();
    if (!text.startsWith("{")) {
      throw new IllegalArgumentException("it is not a map; in a variable, write a JSON object");
    }
    return json(text, new TypeReference<Map<String, Object>>() {
    });
  }

  private static <T> T json(String text, TypeReference<T> type) {
    try {
      return Json.MAPPER.readValue(text, type);
    } catch (JsonProcessingException malformed) {
      throw new IllegalArgumentException("it starts like JSON but is not, at character "
          + (malformed.getLocation() == null ? "?" : malformed.getLocation().getColumnNr()), malformed);
    }
  }
}
