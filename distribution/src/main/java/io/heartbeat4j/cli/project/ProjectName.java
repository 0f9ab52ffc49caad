package io.heartbeat4j.cli.project;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import javax.lang.model.SourceVersion;

/**
 * A project's name, and the names that follow from it.
 *
 * @param text lower-case words with dashes, such as plant-waterer
 * @param javaPackage of its classes
 */
public record ProjectName(String text, String javaPackage) {

  /**
   * Checks both.
   *
   * @throws IllegalArgumentException in words for the user, with a name that is possible
   */
  public ProjectName {
    if (!text.matches("[a-z][a-z0-9]*(-[a-z0-9]+)*")) {
      String possible = text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^[-0-9]+|-$", "");
      throw new IllegalArgumentException("'" + text + "' can't be the name: use lower-case letters, digits and single"
          + " dashes, such as '" + (possible.isEmpty() ? "greeter" : possible) + "'");
    }
    if (!SourceVersion.isName(javaPackage)) {
      throw new IllegalArgumentException(
          "'" + javaPackage
              + "' is not the name of a Java package: choose one with --package, such as io.example.greeter");
    }
  }

  /** With a package of its own below {@code io.example}. */
  public static ProjectName inDefaultPackage(String text) {
    return new ProjectName(text, "io.example." + text.replace("-", ""));
  }

  /** The start of the names of its classes. */
  public String classPrefix() {
    return Arrays.stream(text.split("-")).map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
        .collect(Collectors.joining());
  }

  /** Maven's group: the package above the project's own. */
  public String group() {
    int end = javaPackage.lastIndexOf('.');
    return end < 0 ? javaPackage : javaPackage.substring(0, end);
  }

  /** The package as a directory. */
  public String packageDirectory() {
    return javaPackage.replace('.', '/');
  }
}
