package io.heartbeat4j.plugin;

import io.heartbeat4j.worker.WorkerFactory;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The rules that the jars of a plugin keep to, checked without loading a class: when a plugin is installed, when a host
 * loads it, and in its author's build. Each problem names the file and what to do. Entries are looked up and not listed,
 * so that a large plugin costs no more than opening its jars.
 */
final class PluginRules {

  /** The file of a jar that names its factories. */
  static final String SERVICE = "META-INF/services/" + WorkerFactory.class.getName();

  /** The attribute of a jar's manifest that says for which version of the SPI it was built; absent means the first. */
  static final String SPI_ATTRIBUTE = "Heartbeat4j-SPI";

  private static final String SPI_VERSION = "1";
  private static final List<String> HOST_CLASSES = List.of(
      "io/heartbeat4j/worker/WorkerFactory.class", "io/heartbeat4j/protocol/Issue.class");
  private static final int CLASS_FILE = 0xCAFEBABE;

  /** The version of class files of Java N is N plus this. */
  private static final int VERSION_OFFSET = 44;

  private final List<String> problems = new ArrayList<>();
  private final Map<Path, List<String>> named = new LinkedHashMap<>();
  private final TreeSet<String> missing = new TreeSet<>();

  private PluginRules() {}

  /** What is wrong with a plugin of these jars; empty where nothing is. */
  static List<String> check(List<Path> jars) {
    PluginRules rules = new PluginRules();
    rules.eachJar(jars, rules::readServices);
    rules.named.values().forEach(rules.missing::addAll);
    rules.eachJar(jars, rules::checkJar);
    if (rules.named.size() > 1) {
      rules.problems.add(String.join(", ", rules.named.keySet().stream().map(PluginRules::name).toList())
          + " each name a worker factory in META-INF/services, as two versions of one plugin do: remove all but one");
    }
    rules.named.forEach((jar, factories) -> factories.stream().filter(rules.missing::contains)
        .forEach(factory -> rules.problems.add(name(jar) + ": " + SERVICE + " names " + factory
            + ", which is in no jar of the plugin: correct the line, or build again")));
    return List.copyOf(rules.problems);
  }

  private interface JarReader {
    void read(Path jar, ZipFile zip) throws IOException;
  }

  private void eachJar(List<Path> jars, JarReader reader) {
    for (Path jar : jars) {
      try (ZipFile zip = new ZipFile(jar.toFile())) {
        reader.read(jar, zip);
      } catch (IOException damaged) {
        String problem = name(jar) + " is not a readable jar (" + damaged.getMessage() + "): build or copy it again";
        if (!problems.contains(problem)) {
          problems.add(problem);
        }
      }
    }
  }

  private void readServices(Path jar, ZipFile zip) throws IOException {
    Optional<byte[]> service = read(zip, SERVICE);
    if (service.isPresent()) {
      named.put(jar, new String(service.get(), StandardCharsets.UTF_8).lines()
          .map(line -> line.replaceFirst("#.*", "").strip()).filter(line -> !line.isEmpty()).toList());
    }
  }

  private void checkJar(Path jar, ZipFile zip) throws IOException {
    for (String host : HOST_CLASSES) {
      if (zip.getEntry(host) != null) {
        problems.add(name(jar) + " has classes of the host (" + host + "), which a plugin gets from it: give"
            + " heartbeat4j-workers the scope 'provided', and build again");
      }
    }
    for (String factory : List.copyOf(missing)) {
      ZipEntry entry = zip.getEntry(factory.replace('.', '/') + ".class");
      if (entry != null) {
        missing.remove(factory);
        checkJavaVersion(jar, zip, entry);
      }
    }
    Optional<byte[]> manifest = named.containsKey(jar) ? read(zip, JarFile.MANIFEST_NAME) : Optional.empty();
    if (manifest.isPresent()) {
      checkSpiVersion(jar, new Manifest(new ByteArrayInputStream(manifest.get())));
    }
  }

  private void checkJavaVersion(Path jar, ZipFile zip, ZipEntry factory) throws IOException {
    try (DataInputStream in = new DataInputStream(zip.getInputStream(factory))) {
      if (in.readInt() != CLASS_FILE) {
        throw new IOException(factory.getName() + " is no class");
      }
      in.readUnsignedShort(); // the minor version
      int java = in.readUnsignedShort() - VERSION_OFFSET;
      int host = Runtime.version().feature();
      if (java > host) {
        problems.add(name(jar) + " was compiled for Java " + java + ", and this JVM is Java " + host
            + ": compile it for 21 ('--release 21', or maven.compiler.release), or use a JDK " + java);
      }
    }
  }

  private void checkSpiVersion(Path jar, Manifest manifest) {
    String built = manifest.getMainAttributes().getValue(SPI_ATTRIBUTE);
    if (built != null && !built.strip().equals(SPI_VERSION)) {
      problems
          .add(name(jar) + " was built for version " + built.strip() + " of the worker SPI, and this heartbeat4j has"
              + " version " + SPI_VERSION + ": use a plugin that was built for it, or another heartbeat4j");
    }
  }

  private static Optional<byte[]> read(ZipFile zip, String name) throws IOException {
    ZipEntry entry = zip.getEntry(name);
    if (entry == null) {
      return Optional.empty();
    }
    try (InputStream in = zip.getInputStream(entry)) {
      return Optional.of(in.readAllBytes());
    }
  }

  private static String name(Path jar) {
    return String.valueOf(jar.getFileName());
  }
}
