package io.heartbeat4j.cli;

import io.heartbeat4j.host.config.HostConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds files of a host that hold secrets or state and that every user of the machine can read. */
final class ExposedFiles {

  private static final Set<PosixFilePermission> OTHERS = EnumSet.of(PosixFilePermission.OTHERS_READ,
      PosixFilePermission.OTHERS_WRITE, PosixFilePermission.OTHERS_EXECUTE);
  private static final Pattern FILE_REFERENCE = Pattern.compile("\\$\\{FILE:([^}]*)}");

  private ExposedFiles() {}

  /**
   * One line for each, with what to change. Blocks.
   *
   * @param secrets the values that were read from the configuration
   */
  static List<String> find(HostConfiguration host, Collection<String> secrets) throws IOException {
    List<Path> files = new ArrayList<>(List.of(host.file()));
    if (Files.isDirectory(host.agentsDirectory())) {
      try (Stream<Path> agents = Files.list(host.agentsDirectory())) {
        files.addAll(agents.filter(Files::isRegularFile).sorted().toList());
      }
    }
    List<String> found = new ArrayList<>();
    for (Path file : files) {
      String text = Files.readString(file);
      if (secrets.stream().anyMatch(text::contains)) {
        describe(file, "it holds keys", "600").ifPresent(found::add);
      }
      Matcher reference = FILE_REFERENCE.matcher(text);
      while (reference.find()) {
        describe(Path.of(reference.group(1)), "it holds a key", "600").ifPresent(found::add);
      }
    }
    if (host.store().isEmpty()) {
      describeDirectory(host.stateDirectory()).ifPresent(found::add);
    }
    return found;
  }

  /** What is wrong with a state directory, if it is. */
  static Optional<String> describeDirectory(Path state) throws IOException {
    return describe(state, "it holds the state of agents, such as transcripts", "700");
  }

  private static Optional<String> describe(Path path, String what, String mode) throws IOException {
    if (!Files.exists(path) || !Files.getFileStore(path).supportsFileAttributeView("posix")) {
      return Optional.empty();
    }
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    permissions.addAll(Files.getPosixFilePermissions(path));
    String shown = PosixFilePermissions.toString(permissions);
    permissions.retainAll(OTHERS);
    return permissions.isEmpty() ? Optional.empty()
        : Optional.of(path + ": " + what + ", and every user of this machine can use it (" + shown
            + "): chmod " + mode + " " + path);
  }
}
