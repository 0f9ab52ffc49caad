package io.heartbeat4j.cli.plugin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** The checksums of a plugin's jars, in a file that {@code sha256sum -c} reads. */
final class Checksums {

  private static final String FILE = "SHA256SUMS";

  private Checksums() {}

  static void write(Path plugin) throws IOException {
    Files.write(plugin.resolve(FILE), lines(plugin));
  }

  /** Whether the jars are those whose checksums were written. */
  static InstalledPlugin.Jars verify(Path plugin) throws IOException {
    Path file = plugin.resolve(FILE);
    if (!Files.exists(file)) {
      return InstalledPlugin.Jars.NOT_RECORDED;
    }
    return Files.readAllLines(file).equals(lines(plugin)) ? InstalledPlugin.Jars.UNCHANGED
        : InstalledPlugin.Jars.CHANGED;
  }

  private static List<String> lines(Path plugin) throws IOException {
    List<String> lines = new ArrayList<>();
    for (Path jar : jars(plugin)) {
      lines.add(sha256(jar) + "  " + jar.getFileName());
    }
    return lines;
  }

  static List<Path> jars(Path plugin) throws IOException {
    try (Stream<Path> files = Files.list(plugin)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    }
  }

  static String sha256(Path file) throws IOException {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
