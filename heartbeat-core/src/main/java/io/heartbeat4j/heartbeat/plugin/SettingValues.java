package io.heartbeat4j.heartbeat.plugin;

import io.heartbeat4j.worker.Secret;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The plain types that a setting may have: how each is written, and how it is read. */
final class SettingValues {

  private static final Pattern DURATION_PART = Pattern.compile("(\\d+)(ms|s|m|h|d)");

  private record Type(String words, Function<String, Object> parse) {}

  private static final Map<Class<?>, Type> TYPES = Map.ofEntries(
      Map.entry(String.class, new Type("text", text -> text)),
      Map.entry(Secret.class, new Type("secret text", Secret::of)),
      Map.entry(boolean.class, new Type("true or false", SettingValues::bool)),
      Map.entry(Boolean.class, new Type("true or false", SettingValues::bool)),
      Map.entry(int.class, new Type("whole number", Integer::valueOf)),
      Map.entry(Integer.class, new Type("whole number", Integer::valueOf)),
      Map.entry(long.class, new Type("whole number", Long::valueOf)),
      Map.entry(Long.class, new Type("whole number", Long::valueOf)),
      Map.entry(double.class, new Type("number", Double::valueOf)),
      Map.entry(Double.class, new Type("number", Double::valueOf)),
      Map.entry(BigDecimal.class, new Type("number", BigDecimal::new)),
      Map.entry(Duration.class, new Type("duration, such as 90s, 5m or 1h30m", SettingValues::duration)),
      Map.entry(Instant.class, new Type("time, such as 2026-01-31T08:00:00Z", Instant::parse)),
      Map.entry(Path.class, new Type("path", Path::of)),
      Map.entry(URI.class, new Type("URI", URI::create)));

  private SettingValues() {}

  static boolean isPlain(Class<?> type) {
    return TYPES.containsKey(type) || type.isEnum();
  }

  /** The type in words, for a person. */
  static String words(Class<?> type) {
    return type.isEnum() ? "one of " + names(type) : Optional.ofNullable(TYPES.get(type)).map(Type::words).orElse("settings");
  }

  /** @throws IllegalArgumentException if the text is not of the type; the message does not repeat a secret */
  static Object parse(Class<?> type, String text) {
    try {
      if (type.isEnum()) {
        return constant(type, text);
      }
      Type known = TYPES.get(type);
      if (known == null) {
        throw new IllegalArgumentException("unsupported type " + type.getSimpleName());
      }
      return known.parse().apply(text.strip().isEmpty() || type == String.class || type == Secret.class ? text : text.strip());
    } catch (IllegalArgumentException | DateTimeParseException wrong) {
      throw new IllegalArgumentException("'" + text + "' is not a " + words(type), wrong);
    }
  }

  private static Object constant(Class<?> type, String text) {
    String name = text.strip().replace('-', '_').toUpperCase(Locale.ROOT);
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> ((Enum<?>) constant).name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no such constant"));
  }

  private static String names(Class<?> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-'))
        .collect(Collectors.joining(", "));
  }

  private static Object bool(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "yes", "on" -> true;
      case "false", "no", "off" -> false;
      default -> throw new IllegalArgumentException("neither true nor false");
    };
  }

  static Duration duration(String text) {
    if (text.startsWith("P") || text.startsWith("p")) {
      return Duration.parse(text);
    }
    if (text.equals("0")) {
      return Duration.ZERO;
    }
    Duration sum = Duration.ZERO;
    Matcher part = DURATION_PART.matcher(text);
    int end = 0;
    while (part.find() && part.start() == end) {
      long amount = Long.parseLong(part.group(1));
      sum = sum.plus(switch (part.group(2)) {
        case "ms" -> Duration.ofMillis(amount);
        case "s" -> Duration.ofSeconds(amount);
        case "m" -> Duration.ofMinutes(amount);
        case "h" -> Duration.ofHours(amount);
        default -> Duration.ofDays(amount);
      });
      end = part.end();
    }
    if (end == 0 || end != text.length()) {
      throw new IllegalArgumentException("not a duration");
    }
    return sum;
  }
}
