package io.heartbeat4j.plugin;

import io.heartbeat4j.worker.Secret;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The types that a setting may have: what each is called, and how a plain one is read. */
final class SettingTypeRegistry {

  private static final Pattern DURATION_PART = Pattern.compile("(\\d+)(ms|s|m|h|d)");

  private record ScalarType(String description, Function<String, Object> parse) {}

  private static final Map<Class<?>, ScalarType> TYPES = Map.ofEntries(
      Map.entry(String.class, new ScalarType("text", text -> text)),
      Map.entry(Secret.class, new ScalarType("secret text", Secret::of)),
      Map.entry(boolean.class, new ScalarType("true or false", SettingTypeRegistry::bool)),
      Map.entry(Boolean.class, new ScalarType("true or false", SettingTypeRegistry::bool)),
      Map.entry(int.class, new ScalarType("whole number", Integer::valueOf)),
      Map.entry(Integer.class, new ScalarType("whole number", Integer::valueOf)),
      Map.entry(long.class, new ScalarType("whole number", Long::valueOf)),
      Map.entry(Long.class, new ScalarType("whole number", Long::valueOf)),
      Map.entry(double.class, new ScalarType("number", Double::valueOf)),
      Map.entry(Double.class, new ScalarType("number", Double::valueOf)),
      Map.entry(BigDecimal.class, new ScalarType("number", BigDecimal::new)),
      Map.entry(Duration.class, new ScalarType("duration, such as 90s, 5m or 1h30m", SettingTypeRegistry::duration)),
      Map.entry(Instant.class, new ScalarType("time, such as 2026-01-31T08:00:00Z", Instant::parse)),
      Map.entry(Path.class, new ScalarType("path", Path::of)),
      Map.entry(URI.class, new ScalarType("URI", URI::create)));

  private SettingTypeRegistry() {}

  /** The type in words, for a person. */
  static String describe(Type type) {
    Class<?> raw = rawType(type);
    if (raw == Optional.class) {
      return describe(typeArgument(type, 0));
    }
    if (raw == List.class) {
      return "list of " + describe(typeArgument(type, 0));
    }
    if (raw == Map.class) {
      return "map to " + describe(typeArgument(type, 1));
    }
    return raw.isEnum()
        ? "one of " + names(raw)
        : Optional.ofNullable(TYPES.get(raw)).map(ScalarType::description).orElse("settings");
  }

  /** The type after "it should be". */
  static String describeWithArticle(Type type) {
    String words = describe(type);
    return words.startsWith("one of ") || words.startsWith("true ") ? words : "a " + words;
  }

  static Class<?> rawType(Type type) {
    return type instanceof ParameterizedType parameterized ? (Class<?>) parameterized.getRawType() : (Class<?>) type;
  }

  static Type typeArgument(Type type, int index) {
    return ((ParameterizedType) type).getActualTypeArguments()[index];
  }

  /** @throws IllegalArgumentException if the text is not of the plain type */
  static Object parse(Class<?> type, String text) {
    if (type.isEnum()) {
      return constant(type, text);
    }
    ScalarType known = TYPES.get(type);
    if (known == null) {
      throw new IllegalArgumentException("unsupported type " + type.getSimpleName());
    }
    boolean isText = type == String.class || type == Secret.class;
    try {
      return known.parse().apply(isText ? text : text.strip());
    } catch (DateTimeException | ArithmeticException wrong) {
      throw new IllegalArgumentException(wrong.getMessage(), wrong);
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
    return String.join(", ", constants(type));
  }

  /** The constants of an enum, as they are written; none for another type. */
  static List<String> constants(Class<?> type) {
    return !type.isEnum()
        ? List.of()
        : Arrays.stream(type.getEnumConstants())
            .map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-')).toList();
  }

  /** Whether {@link #parse} reads the type. */
  static boolean isScalar(Class<?> type) {
    return type.isEnum() || TYPES.containsKey(type);
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
