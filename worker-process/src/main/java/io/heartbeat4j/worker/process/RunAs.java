package io.heartbeat4j.worker.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Another user, with whose rights commands run: by {@code setpriv}, which gives up every capability and lets the command
 * get none back. Such a command can read no process and no file of the host's user, whatever that user may do.
 */
public final class RunAs {

  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]*\\$?");
  private static final long CHECK_SECONDS = 10;

  private final UserPrincipal user;
  private final List<String> prefix;

  private RunAs(UserPrincipal user, List<String> prefix) {
    this.user = user;
    this.prefix = List.copyOf(prefix);
  }

  /**
   * The user of this name, after a command was run with its rights. Blocks.
   *
   * @throws IllegalArgumentException if that is not possible, in words for the operator
   */
  public static RunAs of(String name) throws InterruptedException {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("run-as: '" + name + "' is not the name of a user");
    }
    try {
      String group = output(List.of("id", "-g", name));
      List<String> prefix = List.of("setpriv", "--reuid=" + name, "--regid=" + group, "--init-groups",
          "--inh-caps=-all", "--ambient-caps=-all", "--no-new-privs", "--");
      output(commandLine(prefix, List.of("true")));
      return new RunAs(Path.of("/").getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(name),
          prefix);
    } catch (IOException impossible) {
      throw new IllegalArgumentException("run-as: no command can run as '" + name + "' (" + impossible.getMessage()
          + "): create the user, install setpriv, and start heartbeat as root or with the capabilities CAP_SETUID,"
          + " CAP_SETGID, CAP_KILL and CAP_CHOWN", impossible);
    }
  }

  private static String output(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (!process.waitFor(CHECK_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException(said);
    }
    return said;
  }

  /** The command with what gives it the rights of this user. */
  public List<String> commandLine(List<String> command) {
    return commandLine(prefix, command);
  }

  private static List<String> commandLine(List<String> prefix, List<String> command) {
    List<String> line = new ArrayList<>(prefix);
    line.addAll(command);
    return line;
  }

  /** Lets this user, and no other one beside the host's, use the directory. */
  public void giveDirectory(Path directory) throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwx---"));
    Files.setOwner(directory, user);
  }

  /** Lets this user read the file. */
  public void giveFile(Path file) throws IOException {
    Files.setOwner(file, user);
  }
}
