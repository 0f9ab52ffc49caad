package io.heartbeat4j.cli;

import io.heartbeat4j.client.ServerUrl;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of the {@code heartbeat paperclip} commands that name the server, the key for it, and the adapter's files. */
final class PaperclipServerOptions {

  @Option(names = "--url", paramLabel = "URL", defaultValue = "http://localhost:3100", description = "the Paperclip server; default: ${DEFAULT-VALUE}")
  private String url = "";

  @Option(names = "--key-file", paramLabel = "FILE", description = "holds a board key of an instance admin; a local server may need none, else the key is asked for")
  private @Nullable Path keyFile;

  @Option(names = "--directory", paramLabel = "DIR", description = "where the server finds the adapter's files; default: one for each server below /var/lib/heartbeat4j for root, else the user's data directory")
  private @Nullable Path directory;

  ServerUrl url() {
    try {
      return ServerUrl.of(url);
    } catch (IllegalArgumentException malformed) {
      throw new CommandFailure(ExitCode.USAGE, "--url: " + malformed.getMessage());
    }
  }

  /** Connects as the board, with a key where the server wants one. */
  BoardSession connect() {
    ServerUrl server = url();
    if (keyFile != null) {
      return BoardSession.open(server, Optional.of(readSecret(keyFile)));
    }
    BoardSession withoutKey = BoardSession.open(server, Optional.empty());
    return withoutKey.isBoard()
        ? withoutKey
        : BoardSession.open(server, Optional.of(ask("Board key for " + server + ": ", "--key-file")));
  }

  AdapterDirectory directory(Map<String, String> environment) {
    return new AdapterDirectory(directory != null ? directory.toAbsolutePath().normalize() : standard(environment));
  }

  private Path standard(Map<String, String> environment) {
    ServerUrl server = url();
    String name = server.host().replaceAll("[^A-Za-z0-9.-]", "_") + "-" + server.port();
    return dataDirectory(environment).resolve("heartbeat4j/paperclip-adapter").resolve(name);
  }

  private static Path dataDirectory(Map<String, String> environment) {
    if (System.getProperty("user.name", "").equals("root")) {
      return Path.of("/var/lib");
    }
    String xdg = environment.getOrDefault("XDG_DATA_HOME", "");
    return xdg.isBlank()
        ? Path.of(environment.getOrDefault("HOME", System.getProperty("user.home", "."))).resolve(".local/share")
        : Path.of(xdg);
  }

  /** The first line of the file. */
  static String readSecret(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException unreadable) {
      throw new CommandFailure(ExitCode.CONFIGURATION, file + " can't be read: " + unreadable);
    }
  }

  /** Reads a secret from the terminal, without showing it. */
  @SuppressWarnings("SystemConsoleNull") // since JDK 22 the console of no terminal reads the input, which is as good
  static String ask(String prompt, String option) {
    Console console = System.console();
    char[] answer = console == null ? null : console.readPassword("%s", prompt);
    if (answer == null || answer.length == 0) {
      throw new CommandFailure(ExitCode.NOT_ALLOWED,
          prompt.replaceFirst(": $", "") + ": none was given, and there is no terminal to ask on; use " + option);
    }
    return new String(answer).strip();
  }
}
