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

  /**
   * A plain type.
   *
   * @param jsonType what JSON calls it
   * @param pattern what the text of a value has to match; empty where every text may be one
   */
  private record ScalarType(String description, String jsonType, String pattern, Function<String, Object> parse) {

    static ScalarType text(String description, Function<String, Object> parse) {
      return new ScalarType(description, "string", "", parse);
    }

    static ScalarType whole(Function<String, Object> parse) {
      return new ScalarType("whole number", "integer", "^\\s*[+-]?[0-9]+\\s*$", parse);
    }

    static ScalarType decimal(Function<String, Object> parse) {
      return new ScalarType("number", "number", "^\\s*[+-]?[0-9]*\\.?[0-9]+([eE][+-]?[0-9]+)?\\s*$", parse);
    }
  }

  private static final ScalarType BOOLEAN = new ScalarType("true or false", "boolean",
      "^\\s*([Tt]rue|TRUE|[Ff]alse|FALSE|[Yy]es|YES|[Nn]o|NO|[Oo]n|ON|[Oo]ff|OFF)\\s*$", SettingTypeRegistry::bool);

  private static final Map<Class<?>, ScalarType> TYPES = Map.ofEntries(
      Map.entry(String.class, ScalarType.text("text", text -> text)),
      Map.entry(Secret.class, ScalarType.text("secret text", Secret::of)),
      Map.entry(boolean.class, BOOLEAN),
      Map.entry(Boolean.class, BOOLEAN),
      Map.entry(int.class, ScalarType.whole(Integer::valueOf)),
      Map.entry(Integer.class, ScalarType.whole(Integer::valueOf)),
      Map.entry(long.class, ScalarType.whole(Long::valueOf)),
      Map.entry(Long.class, ScalarType.whole(Long::valueOf)),
      Map.entry(double.class, ScalarType.decimal(Double::valueOf)),
      Map.entry(Double.class, ScalarType.decimal(Double::valueOf)),
      Map.entry(BigDecimal.class, ScalarType.decimal(BigDecimal::new)),
      Map.entry(Duration.class, new ScalarType("duration, such as 90s, 5m or 1h30m", "string",
          "^\\s*(0|([0-9]+(ms|s|m|h|d))+|[Pp].+)\\s*$", SettingTypeRegistry::duration)),
      Map.entry(Instant.class, ScalarType.text("time, such as 2026-01-31T08:00:00Z", Instant::parse)),
      Map.entry(Path.class, ScalarType.text("path", Path::of)),
      Map.entry(URI.class, ScalarType.text("URI", URI::create)));

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

  /** What JSON calls the type; an enum is a string, and so is what is not plain. */
  static String jsonType(Class<?> type) {
    return Optional.ofNullable(TYPES.get(type)).map(ScalarType::jsonType).orElse("string");
  }

  /** What a plain value may be in JSON: a text may be written as a number, and all else as a text. */
  static List<String> jsonTypes(Class<?> type) {
    String json = jsonType(type);
    return !json.equals("string") ? List.of(json, "string")
        : type == Duration.class ? List.of("string", "integer") : List.of("string", "number", "boolean");
  }

  /** A regular expression for the texts of a plain type; empty where every text may be one. */
  static Optional<String> pattern(Class<?> type) {
    return Optional.ofNullable(TYPES.get(type)).map(ScalarType::pattern).filter(pattern -> !pattern.isEmpty());
  }

  /** A written value as JSON has it. */
  static Object toJson(String jsonType, String text) {
    return switch (jsonType) {
      case "integer", "number" -> new BigDecimal(text);
      case "boolean" -> bool(text);
      default -> text;
    };
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
