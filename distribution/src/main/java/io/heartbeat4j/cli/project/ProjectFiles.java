package io.heartbeat4j.cli.project;

import io.heartbeat4j.plugin.PluginArchive;
import io.heartbeat4j.worker.SettingsException;
import io.heartbeat4j.worker.WorkerFactory;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The files of a worker that is not installed: a project, a directory of classes or of jars, a jar, or a plugin zip.
 *
 * @param path what the author named
 * @param classes a directory, jar or zip
 * @param libraries a directory of further jars; it need not exist
 */
public record ProjectFiles(Path path, Path classes, Path libraries, Path settings) {

  private static final String SERVICE = "META-INF/services/" + WorkerFactory.class.getName();

  /**
   * Finds the files of a project.
   *
   * @throws SettingsException if there are none
   */
  public static ProjectFiles find(Path named) {
    Path path = named.toAbsolutePath().normalize();
    if (!Files.exists(path)) {
      throw new SettingsException(path + " does not exist: name the directory of a worker project, a jar or a plugin"
          + " zip");
    }
    if (!Files.isDirectory(path)) {
      return new ProjectFiles(path, path, path.resolveSibling("lib"), path.resolveSibling("dev.yaml"));
    }
    Path built = path.resolve("target/classes");
    boolean isProject = Files.exists(path.resolve("pom.xml")) || Files.isDirectory(built);
    return new ProjectFiles(path, isProject ? built : path, (isProject ? built : path).resolveSibling("dependency"),
        path.resolve("dev.yaml"));
  }

  /** What a reload depends on. */
  public List<Path> watched() {
    return List.of(classes, libraries, settings);
  }

  /**
   * Copies the classes and libraries into a directory of jars. The copy stays the same while the author compiles: a
   * class that is loaded late is of the same build as the others.
   *
   * @throws SettingsException if the classes are missing, or name no worker
   */
  public void copyTo(Path directory) {
    try {
      Files.createDirectories(directory);
      if (!Files.exists(classes)) {
        throw new SettingsException(classes + " does not exist: build the project ('mvn compile')");
      }
      if (!Files.isDirectory(classes)) {
        PluginArchive.unpack(classes, directory);
      } else if (Files.exists(classes.resolve(SERVICE))) {
        writeJar(directory.resolve("classes.jar"));
        copyJars(libraries, directory, "library-");
      } else if (copyJars(classes, directory, "") == 0) {
        throw new SettingsException(classes + " names no worker: write the class name of your factory into the file"
            + " src/main/resources/" + SERVICE + " and build again");
      }
    } catch (IOException unreadable) {
      throw new SettingsException(classes + " can't be read: " + unreadable.getMessage());
    }
  }

  private void writeJar(Path jar) throws IOException {
    try (OutputStream out = Files.newOutputStream(jar);
        ZipOutputStream zip = new ZipOutputStream(out);
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        zip.putNextEntry(new ZipEntry(classes.relativize(file).toString().replace('\\', '/')));
        Files.copy(file, zip);
        zip.closeEntry();
      }
    }
  }

  private static int copyJars(Path from, Path to, String prefix) throws IOException {
    if (!Files.isDirectory(from)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(from)) {
      List<Path> jars = files.filter(file -> file.toString().endsWith(".jar")).toList();
      for (Path jar : jars) {
        Files.copy(jar, to.resolve(prefix + jar.getFileName()));
      }
      return jars.size();
    }
  }
}
