package io.heartbeat4j.cli.plugin;

import io.heartbeat4j.worker.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the file of a plugin: a path, or Maven coordinates in the local repository. */
public final class PluginSource {

  private static final Pattern COORDINATES = Pattern.compile("([\\w.-]+):([\\w.-]+):([\\w.-]+)");
  private static final Pattern LOCAL_REPOSITORY = Pattern
      .compile("<localRepository>\\s*([^<]+?)\\s*</localRepository>");

  private PluginSource() {}

  /**
   * The file.
   *
   * @param repository a local Maven repository; else that of Maven's settings
   * @throws SettingsException if there is no such file
   */
  public static Path find(String named, Optional<Path> repository) {
    Path file = Path.of(named);
    if (Files.exists(file)) {
      return file;
    }
    Matcher coordinates = COORDINATES.matcher(named);
    if (!coordinates.matches()) {
      throw new SettingsException(named + " does not exist: name a plugin zip, a jar, or Maven coordinates such as"
          + " io.example:worker-greeter:1.0");
    }
    Path local = repository.orElseGet(PluginSource::localRepository);
    Path version = local.resolve(coordinates.group(1).replace('.', '/')).resolve(coordinates.group(2))
        .resolve(coordinates.group(3));
    String base = coordinates.group(2) + "-" + coordinates.group(3);
    Path zip = version.resolve(base + "-plugin.zip");
    Path jar = version.resolve(base + ".jar");
    if (!Files.exists(zip) && !Files.exists(jar)) {
      throw new SettingsException(named + " is not in the Maven repository " + local + ": run 'mvn install' in its"
          + " project, fetch it with 'mvn dependency:get', or name another repository with --repository");
    }
    return Files.exists(zip) ? zip : jar;
  }

  private static Path localRepository() {
    Path maven = Path.of(System.getProperty("user.home"), ".m2");
    try {
      Matcher own = LOCAL_REPOSITORY.matcher(Files.readString(maven.resolve("settings.xml")));
      if (own.find()) {
        return Path.of(own.group(1).replace("${user.home}", System.getProperty("user.home")));
      }
    } catch (IOException none) {
      // Maven's default
    }
    return maven.resolve("repository");
  }
}
