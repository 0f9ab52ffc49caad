package io.heartbeat4j.cli.project;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An example of heartbeat4j as the template of a project: the same files, with other names in their paths and texts. The
 * examples are built and tested as they are, so what is generated from them has no source of its own.
 */
public final class ProjectTemplate {

  private static final List<String> PARTS = List.of("pom.xml", "README.md", "issue.md", "src");

  private final Path example;
  private final Optional<String> version;
  private final Map<String, String> names;

  private ProjectTemplate(Path example, Optional<String> version, Map<String, String> names) {
    this.example = example;
    this.version = version;
    this.names = names;
  }

  /**
   * The project of a worker.
   *
   * @param example the directory of {@code worker-hello}
   * @param version of heartbeat4j; empty for that of the example
   */
  public static ProjectTemplate worker(Path example, Optional<String> version, ProjectName name) {
    Map<String, String> names = new LinkedHashMap<>();
    names.put("io.example.hello", name.javaPackage());
    names.put("io/example/hello", name.packageDirectory());
    names.put("<groupId>io.example</groupId>", "<groupId>" + name.group() + "</groupId>");
    names.put("worker-hello", "worker-" + name.text());
    names.put("HelloWorker", name.classPrefix() + "Worker");
    names.put("\"hello\"", "\"" + name.text() + "\"");
    names.put("--worker hello", "--worker " + name.text());
    return new ProjectTemplate(example, version, names);
  }

  /**
   * The project of a distribution.
   *
   * @param example the directory of {@code custom-distribution}
   * @param version of heartbeat4j; empty for that of the example
   * @param worker the plugin that it ships
   */
  public static ProjectTemplate distribution(Path example, Optional<String> version, ProjectName name,
      WorkerCoordinates worker) {
    Map<String, String> names = new LinkedHashMap<>();
    names.put("io.example.acme", name.javaPackage());
    names.put("io/example/acme", name.packageDirectory());
    names.put("<groupId>io.example</groupId>\n  <artifactId>custom-distribution</artifactId>",
        "<groupId>" + name.group() + "</groupId>\n  <artifactId>" + name.text() + "</artifactId>");
    names.put("<groupId>io.example</groupId>", "<groupId>" + worker.group() + "</groupId>");
    names.put("<artifactId>worker-hello</artifactId>\n      <version>0.1.0-SNAPSHOT</version>",
        "<artifactId>" + worker.artifact() + "</artifactId>\n      <version>" + worker.version() + "</version>");
    names.put("worker-hello", worker.artifact());
    names.put("custom-distribution", name.text());
    names.put("AcmeDistribution", name.classPrefix() + "Distribution");
    names.put("acme-agent", name.text());
    names.put("acme", name.text());
    names.put("Acme", name.classPrefix());
    names.put("plugins/hello", "plugins/" + worker.workerName());
    names.put("name: hello", "name: " + worker.workerName());
    names.put("\"hello:\"", "\"" + worker.workerName() + ":\"");
    return new ProjectTemplate(example, version, names);
  }

  /**
   * Writes the project.
   *
   * @param directory is created; it may exist if it is empty
   * @throws FileAlreadyExistsException if it has files
   */
  public void writeTo(Path directory) throws IOException {
    if (Files.exists(directory) && !isEmptyDirectory(directory)) {
      throw new FileAlreadyExistsException(directory.toString());
    }
    for (Path file : files()) {
      Path target = directory.resolve(rename(example.relativize(file).toString()));
      Files.createDirectories(Objects.requireNonNull(target.toAbsolutePath().getParent()));
      Files.writeString(target,
          rename(withVersion(Files.readString(file)).replaceAll(" *<maven.deploy.skip>.*\n", "")));
    }
    Files.writeString(directory.resolve(".gitignore"), "target/\n");
  }

  private String withVersion(String text) {
    return version.map(own -> text.replaceAll("(<heartbeat4j.version>)[^<]*", "$1" + Matcher.quoteReplacement(own)))
        .orElse(text);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(example)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> PARTS.contains(example.relativize(file).getName(0).toString())).sorted().toList();
    }
  }

  private static boolean isEmptyDirectory(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return false;
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.findAny().isEmpty();
    }
  }

  /** Replaces all names in one pass, so that a new name is not taken for one of the example's. */
  private String rename(String text) {
    return Pattern.compile(names.keySet().stream().map(Pattern::quote).collect(Collectors.joining("|")))
        .matcher(text).replaceAll(found -> Matcher.quoteReplacement(names.getOrDefault(found.group(), "")));
  }
}
