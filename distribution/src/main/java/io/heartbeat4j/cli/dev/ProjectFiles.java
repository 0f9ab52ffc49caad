package io.heartbeat4j.cli.dev;

import io.heartbeat4j.worker.SettingsException;
import io.heartbeat4j.worker.WorkerFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * The files of a worker project: a directory of classes with the jars that it needs, a jar, or a plugin zip.
 *
 * @param path what the author named
 * @param classes a directory, jar or zip
 * @param libraries a directory of further jars; it need not exist
 */
record ProjectFiles(Path path, Path classes, Path libraries, Path settings) {

  private static final String SERVICE = "META-INF/services/" + WorkerFactory.class.getName();

  /**
   * Finds the files of a project.
   *
   * @throws SettingsException if there are none
   */
  static ProjectFiles find(Path named) {
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
    return new ProjectFiles(path, isProject ? built : path, path.resolve("target/dependency"),
        path.resolve("dev.yaml"));
  }

  /** What a reload depends on. */
  List<Path> watched() {
    return List.of(classes, libraries, settings);
  }

  /**
   * Copies the classes and libraries into a directory of jars. The copy stays the same while the author compiles: a
   * class that is loaded late is of the same build as the others.
   *
   * @throws SettingsException if the classes are missing, or name no worker
   */
  void copyTo(Path directory) {
    try {
      Files.createDirectories(directory);
      if (Files.isDirectory(classes)) {
        requireService();
        writeJar(directory.resolve("classes.jar"));
        copyLibraries(directory);
      } else if (!Files.exists(classes)) {
        throw new SettingsException(classes + " does not exist: build the project ('mvn compile')");
      } else if (classes.toString().endsWith(".jar")) {
        Files.copy(classes, directory.resolve("classes.jar"));
      } else if (classes.toString().endsWith(".zip")) {
        unpack(directory);
      } else {
        throw new SettingsException(classes + " is neither a directory, nor a jar, nor a plugin zip");
      }
    } catch (IOException unreadable) {
      throw new SettingsException(classes + " can't be read: " + unreadable.getMessage());
    }
  }

  private void requireService() {
    if (!Files.exists(classes.resolve(SERVICE))) {
      throw new SettingsException(classes + " names no worker: write the class name of your factory into the file"
          + " src/main/resources/" + SERVICE + " and build again");
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

  private void copyLibraries(Path directory) throws IOException {
    if (!Files.isDirectory(libraries)) {
      return;
    }
    try (Stream<Path> jars = Files.list(libraries)) {
      for (Path jar : jars.filter(file -> file.toString().endsWith(".jar")).toList()) {
        Files.copy(jar, directory.resolve("library-" + jar.getFileName()));
      }
    }
  }

  /** Takes the jars at the top of the zip, where a plugin has them, so that no entry leads out of the directory. */
  private void unpack(Path directory) throws IOException {
    try (ZipFile zip = new ZipFile(classes.toFile())) {
      for (ZipEntry entry : zip.stream().filter(ProjectFiles::isPluginJar).toList()) {
        try (InputStream jar = zip.getInputStream(entry)) {
          Files.copy(jar, directory.resolve(entry.getName()));
        }
      }
    }
  }

  private static boolean isPluginJar(ZipEntry entry) {
    return entry.getName().endsWith(".jar") && !entry.getName().contains("/") && !entry.getName().contains("\\");
  }
}
