package io.heartbeat4j.cli;

import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** {@code heartbeat version}. */
@Command(name = "version", description = "Prints the version of heartbeat4j and Java.")
final class VersionCommand implements Runnable {

  @Override
  public void run() {
    System.out.println(versionText());
  }

  static String versionText() {
    String version = Optional.ofNullable(Main.class.getPackage().getImplementationVersion())
        .orElse("(built from classes)");
    return "heartbeat4j " + version + ", Java " + Runtime.version();
  }

  /** For {@code --version}. */
  static final class VersionProvider implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[]{versionText()};
    }
  }
}
