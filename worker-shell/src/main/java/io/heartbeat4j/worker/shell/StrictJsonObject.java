package io.heartbeat4j.worker.shell;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One JSON object of a result file, read field by field; what was not asked for is a mistake. */
final class StrictJsonObject {

  private final String where;
  private final Map<String, Object> rest = new LinkedHashMap<>();
  private final List<String> known = new ArrayList<>();

  private StrictJsonObject(String where) {
    this.where = where;
  }

  static StrictJsonObject of(@Nullable Object value, String where) {
    if (!(value instanceof Map<?, ?> map)) {
      throw new IllegalArgumentException(where + " is not a JSON object");
    }
    StrictJsonObject strictJsonObject = new StrictJsonObject(where);
    map.forEach((key, field) -> {
      if (field != null) {
        strictJsonObject.rest.put(String.valueOf(key), field);
      }
    });
    return strictJsonObject;
  }

  boolean has(String name) {
    return rest.containsKey(name);
  }

  String text(String name) {
    if (take(name) instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException(where + " needs a text '" + name + "'");
  }

  String text(String name, String standard) {
    return has(name) ? text(name) : absent(name, standard);
  }

  boolean flag(String name) {
    if (!has(name)) {
      return absent(name, false);
    }
    if (take(name) instanceof Boolean flag) {
      return flag;
    }
    throw new IllegalArgumentException(where + " needs true or false for '" + name + "'");
  }

  /** A number from 0 up; absent is 0. */
  BigDecimal number(String name) {
    if (!has(name)) {
      return absent(name, BigDecimal.ZERO);
    }
    if (take(name) instanceof BigDecimal number) {
      return number;
    }
    throw new IllegalArgumentException(where + " needs a number '" + name + "'");
  }

  StrictJsonObject object(String name) {
    return of(take(name), where + "'s '" + name + "'");
  }

  List<StrictJsonObject> objects(String name) {
    List<StrictJsonObject> objects = new ArrayList<>();
    for (Object item : list(name)) {
      objects.add(of(item, where + "'s '" + name + "'"));
    }
    return objects;
  }

  List<String> texts(String name) {
    return list(name).stream().map(String::valueOf).toList();
  }

  private List<?> list(String name) {
    if (!has(name)) {
      return absent(name, List.of());
    }
    if (take(name) instanceof List<?> list) {
      return list;
    }
    throw new IllegalArgumentException(where + " needs a list '" + name + "'");
  }

  /** None of these fields is there, and one is needed. */
  IllegalArgumentException missingOneOf(String... names) {
    return new IllegalArgumentException(where + " needs one of " + String.join(", ", names));
  }

  /** @throws IllegalArgumentException if there is a field that nobody asked for */
  void rejectUnknownFields() {
    if (!rest.isEmpty()) {
      throw new IllegalArgumentException(
          where + " has unknown fields: " + String.join(", ", rest.keySet()) + " (known here: "
              + String.join(", ", known) + ")");
    }
  }

  private @Nullable Object take(String name) {
    known.add(name);
    return rest.remove(name);
  }

  private <T> T absent(String name, T standard) {
    known.add(name);
    return standard;
  }
}
