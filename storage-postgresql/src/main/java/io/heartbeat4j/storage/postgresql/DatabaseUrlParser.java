package io.heartbeat4j.storage.postgresql;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.heartbeat4j.plugin.NameSuggestion;
import io.heartbeat4j.storage.StorageException;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code postgresql://user:password@host:port/database?schema=..}; what is missing comes from {@code PGHOST} and
 * the like. Everything before the last {@code @} is user and password, so that a password read from a file may contain
 * any character. No message quotes that part.
 */
final class DatabaseUrlParser {

  private static final String FORM = "postgresql://user:password@host:5432/database?schema=heartbeat4j";
  private static final Pattern URL = Pattern.compile("(?:postgresql|postgres)://(.*)", Pattern.DOTALL);
  private static final Pattern PLACE = Pattern
      .compile("(?<host>\\[[0-9a-fA-F:.%]+]|[^\\[\\]:/?#,\\s]*)(?::(?<port>\\d{0,5}))?(?:/(?<database>[^/?#\\s]*))?"
          + "(?:\\?(?<parameters>[^?#\\s]*))?");
  private static final Pattern SCHEMA = Pattern.compile("[a-z_][a-z0-9_]{0,62}");
  private static final Pattern TIME = Pattern.compile("(\\d{1,7})(ms|s|m)");
  private static final List<String> TLS = List.of("sslmode", "sslrootcert", "sslcert", "sslkey");
  private static final List<String> PARAMETERS = List.of("schema", "lease", "pool", "sslmode", "sslrootcert", "sslcert",
      "sslkey");
  private static final List<String> TLS_MODES = List.of("disable", "allow", "prefer", "require", "verify-ca",
      "verify-full");

  private final Map<String, String> environment;
  private final Consumer<String> secrets;

  DatabaseUrlParser(Map<String, String> environment, Consumer<String> secrets) {
    this.environment = environment;
    this.secrets = secrets;
  }

  /** @throws StorageException in words for an operator, without the password */
  DatabaseAddress parse(String url) throws StorageException {
    Matcher whole = URL.matcher(url);
    if (!whole.matches()) {
      throw new StorageException("the storage's URL does not begin with postgresql://, expected " + FORM);
    }
    String rest = whole.group(1);
    int at = rest.lastIndexOf('@');
    String credentials = at < 0 ? "" : rest.substring(0, at);
    int colon = credentials.indexOf(':');
    String password = colon < 0 ? environment.getOrDefault("PGPASSWORD", "")
        : secret(credentials.substring(colon + 1));
    secret(environment.getOrDefault("PGPASSWORD", ""));

    Matcher place = PLACE.matcher(rest.substring(at + 1));
    if (!place.matches()) {
      throw new StorageException(
          "the storage's URL is malformed after user and password, expected " + FORM + " with one host");
    }
    Map<String, String> parameters = parameters(place.group("parameters"));
    String host = given(decoded(place.group("host")), "PGHOST").orElse("localhost");
    if (host.startsWith("/")) {
      throw new StorageException("PGHOST names a Unix socket, but the driver needs TCP: name a host");
    }
    return new DatabaseAddress(host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
        port(given(place.group("port"), "PGPORT").orElse("5432")),
        given(decoded(place.group("database")), "PGDATABASE").orElseThrow(() -> missing("database", "PGDATABASE")),
        given(decoded(colon < 0 ? credentials : credentials.substring(0, colon)), "PGUSER")
            .orElseThrow(() -> missing("user", "PGUSER")),
        password, schema(parameters.getOrDefault("schema", "heartbeat4j")),
        lease(parameters.getOrDefault("lease", "15s")), pool(parameters.getOrDefault("pool", "6")), tls(parameters));
  }

  private String secret(String written) {
    String password = decoded(written);
    for (String each : List.of(written, password)) {
      if (!each.isEmpty()) {
        secrets.accept(each);
      }
    }
    return password;
  }

  private Optional<String> given(@Nullable String written, String variable) {
    return Optional.ofNullable(written).filter(text -> !text.isEmpty())
        .or(() -> Optional.ofNullable(environment.get(variable)).filter(text -> !text.isEmpty()));
  }

  private static StorageException missing(String what, String variable) {
    return new StorageException(
        "the storage's URL names no " + what + ": write " + FORM + " or set " + variable);
  }

  private static Map<String, String> parameters(@Nullable String written)
      throws StorageException {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String each : written == null || written.isEmpty() ? new String[0] : written.split("&")) {
      int equals = each.indexOf('=');
      String name = equals < 0 ? each : each.substring(0, equals);
      if (!PARAMETERS.contains(name)) {
        throw new StorageException("the storage's URL has an unknown parameter '" + name + "'"
            + suggestion(name, PARAMETERS) + " Known are " + String.join(", ", PARAMETERS));
      }
      parameters.put(name, equals < 0 ? "" : decoded(each.substring(equals + 1)));
    }
    return parameters;
  }

  private static String suggestion(String written, List<String> known) {
    String suggestion = NameSuggestion.didYouMean(written, known);
    return suggestion.isEmpty() ? "." : suggestion;
  }

  private static int port(String written) throws StorageException {
    try {
      int port = Integer.parseInt(written);
      if (port >= 1 && port <= 65_535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new StorageException("the storage's port has to be a number from 1 to 65535, but is '" + written + "'");
  }

  private static String schema(String written) throws StorageException {
    if (!SCHEMA.matcher(written).matches() || written.startsWith("pg_")) {
      throw new StorageException(
          "the storage's parameter schema has to be of lower case letters, digits and _, but is '"
              + written + "'");
    }
    return written;
  }

  private static Duration lease(String written) throws StorageException {
    Matcher time = TIME.matcher(written);
    if (time.matches()) {
      long amount = Long.parseLong(time.group(1));
      Duration lease = switch (time.group(2)) {
        case "ms" -> Duration.ofMillis(amount);
        case "s" -> Duration.ofSeconds(amount);
        default -> Duration.ofMinutes(amount);
      };
      if (lease.compareTo(Duration.ofSeconds(1)) >= 0 && lease.compareTo(Duration.ofMinutes(10)) <= 0) {
        return lease;
      }
    }
    throw new StorageException(
        "the storage's parameter lease has to be a time from 1s to 10m, such as 15s, but is '" + written + "'");
  }

  private static int pool(String written) throws StorageException {
    if (written.matches("\\d{1,3}") && Integer.parseInt(written) >= 3) {
      return Integer.parseInt(written);
    }
    throw new StorageException("the storage's parameter pool has to be from 3 to 999 connections, but is '" + written
        + "'");
  }

  private Map<String, String> tls(Map<String, String> parameters) throws StorageException {
    Map<String, String> tls = new LinkedHashMap<>();
    for (String name : TLS) {
      given(parameters.get(name), "PG" + name.toUpperCase(Locale.ROOT))
          .ifPresent(value -> tls.put(name, value));
    }
    String mode = tls.getOrDefault("sslmode", "prefer");
    if (!TLS_MODES.contains(mode)) {
      throw new StorageException("the storage's parameter sslmode is unknown: '" + mode + "'"
          + suggestion(mode, TLS_MODES) + " Known are " + String.join(", ", TLS_MODES));
    }
    return Map.copyOf(tls);
  }

  /** A {@code %} without two hexadecimal digits after it stands for itself. */
  private static String decoded(@Nullable String written) {
    if (written == null || written.indexOf('%') < 0) {
      return written == null ? "" : written;
    }
    byte[] bytes = written.getBytes(UTF_8);
    ByteArrayOutputStream decoded = new ByteArrayOutputStream(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '%' && i + 2 < bytes.length && HexFormat.isHexDigit(bytes[i + 1])
          && HexFormat.isHexDigit(bytes[i + 2])) {
        decoded.write(HexFormat.fromHexDigit(bytes[i + 1]) * 16 + HexFormat.fromHexDigit(bytes[i + 2]));
        i += 2;
      } else {
        decoded.write(bytes[i]);
      }
    }
    return decoded.toString(UTF_8);
  }
}
