package io.heartbeat4j.plugin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads {@code ${ENV:NAME}} and {@code ${FILE:/path}} in a setting's value. What they bring in is taken for a secret:
 * it is told to the redactor. A file's last line break is left out.
 */
final class PlaceholderResolver {

  /** A regular expression that finds a reference. */
  static final String PATTERN = "\\$\\{(ENV|FILE):([^}]*)\\}";

  private static final Pattern REFERENCE = Pattern.compile(PATTERN);

  private final Map<String, String> environment;
  private final Path directory;
  private final Consumer<String> secrets;

  /** @param directory against which relative paths are resolved */
  PlaceholderResolver(Map<String, String> environment, Path directory, Consumer<String> secrets) {
    this.environment = environment;
    this.directory = directory;
    this.secrets = secrets;
  }

  /** @throws IllegalArgumentException naming a variable or file that is not there */
  String resolve(String value) {
    if (!value.contains("${")) {
      return value;
    }
    Matcher matcher = REFERENCE.matcher(value);
    StringBuilder text = new StringBuilder();
    while (matcher.find()) {
      String secret = matcher.group(1).equals("ENV") ? variable(matcher.group(2)) : file(matcher.group(2));
      secrets.accept(secret);
      matcher.appendReplacement(text, Matcher.quoteReplacement(secret));
    }
    return matcher.appendTail(text).toString();
  }

  /** The path in the run's directory. */
  Path absolute(Path path) {
    return directory.resolve(path);
  }

  void registerSecret(String value) {
    secrets.accept(value);
  }

  private String variable(String name) {
    String value = environment.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the environment variable " + name + " is not set");
    }
    return value;
  }

  private String file(String path) {
    try {
      return Files.readString(absolute(Path.of(path))).replaceFirst("\\R\\z", "");
    } catch (NoSuchFileException missing) {
      throw new IllegalArgumentException("there is no file " + path, missing);
    } catch (IOException | InvalidPathException unreadable) {
      throw new IllegalArgumentException("the file " + path + " can't be read", unreadable);
    }
  }
}
