package io.heartbeat4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A local Maven repository: what this build has made of heartbeat4j, and links to everything else that the build itself
 * has in its own, which is not written to.
 */
final class BuiltRepository {

  private static final Pattern ARTIFACT = Pattern.compile("<artifactId>(heartbeat4j[^<]*)</artifactId>");
  private static final Pattern VERSION = Pattern.compile("<version>([^<]+)</version>");

  private final Path root;

  private BuiltRepository(Path root) {
    this.root = root;
  }

  /**
   * Makes the repository.
   *
   * @param root an empty directory
   * @param sources the root of heartbeat4j's source tree, with what is built
   * @param local the local repository of the build
   */
  static BuiltRepository create(Path root, Path sources, Path local) throws IOException {
    BuiltRepository repository = new BuiltRepository(root);
    link(local, root, "io");
    link(local.resolve("io"), Files.createDirectory(root.resolve("io")), "heartbeat4j");
    try (Stream<Path> modules = Files.list(sources)) {
      for (Path module : Stream.concat(Stream.of(sources), modules).toList()) {
        if (Files.exists(module.resolve("pom.xml"))) {
          repository.add(module);
        }
      }
    }
    return repository;
  }

  private static void link(Path from, Path to, String except) throws IOException {
    try (Stream<Path> entries = Files.list(from)) {
      for (Path entry : entries.filter(each -> !each.endsWith(except)).toList()) {
        Files.createSymbolicLink(to.resolve(entry.getFileName()), entry);
      }
    }
  }

  private void add(Path module) throws IOException {
    String pom = Files.readString(module.resolve("pom.xml"));
    String artifact = first(ARTIFACT, pom.substring(Math.max(0, pom.indexOf("</parent>"))));
    add("io.heartbeat4j", artifact, first(VERSION, pom), module);
  }

  /** Adds a project's pom, and the jar and zips in its {@code target}. */
  void add(String group, String artifact, String version, Path project) throws IOException {
    Path directory = Files.createDirectories(root.resolve(group.replace('.', '/')).resolve(artifact).resolve(version));
    String name = artifact + "-" + version;
    Files.copy(project.resolve("pom.xml"), directory.resolve(name + ".pom"));
    for (String file : List.of(name + ".jar", name + "-plugin.zip", name + "-bin.zip")) {
      Path built = project.resolve("target").resolve(file);
      if (Files.exists(built)) {
        Files.copy(built, directory.resolve(file));
      }
    }
  }

  Path root() {
    return root;
  }

  private static String first(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw new IllegalStateException("no " + pattern + " in a pom");
    }
    return matcher.group(1);
  }
}
