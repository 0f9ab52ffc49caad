package io.heartbeat4j.worker.shell;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One event of a program's stream. What is not there is empty: the programs change their events as they like. */
record CliAgentEvent(Map<?, ?> fields) {

  /** Empty where the line is no JSON object: programs also print plain words. */
  static Optional<CliAgentEvent> parse(String line) {
    if (!line.startsWith("{")) {
      return Optional.empty();
    }
    try {
      return JsonTreeParser.parse(line) instanceof Map<?, ?> fields ? Optional.of(new CliAgentEvent(fields))
          : Optional.empty();
    } catch (IOException words) {
      return Optional.empty();
    }
  }

  String type() {
    return text("type");
  }

  String text(String... path) {
    return at(path) instanceof String text ? text : "";
  }

  long count(String... path) {
    return at(path) instanceof BigDecimal number && number.signum() > 0 ? number.longValue() : 0;
  }

  BigDecimal money(String... path) {
    return at(path) instanceof BigDecimal number && number.signum() > 0 ? number : BigDecimal.ZERO;
  }

  boolean flag(String... path) {
    return Boolean.TRUE.equals(at(path));
  }

  CliAgentEvent object(String... path) {
    return new CliAgentEvent(at(path) instanceof Map<?, ?> map ? map : Map.of());
  }

  List<CliAgentEvent> objects(String... path) {
    return at(path) instanceof List<?> list
        ? list.stream().filter(Map.class::isInstance).map(item -> new CliAgentEvent((Map<?, ?>) item)).toList()
        : List.of();
  }

  List<String> texts(String... path) {
    return at(path) instanceof List<?> list
        ? list.stream().filter(String.class::isInstance).map(String.class::cast).toList()
        : List.of();
  }

  private @Nullable Object at(String... path) {
    Object value = fields;
    for (String step : path) {
      value = value instanceof Map<?, ?> map ? map.get(step) : null;
    }
    return value;
  }
}
