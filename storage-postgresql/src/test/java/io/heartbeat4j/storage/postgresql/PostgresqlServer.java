package io.heartbeat4j.storage.postgresql;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A PostgreSQL server of Debian's or Homebrew's binaries, one for the JVM, with its data in a temporary directory. It
 * refuses to run as root, so that root starts it as the user postgres. Tests are skipped where none is installed.
 */
public final class PostgresqlServer {

  static final String USER = "heartbeat";
  static final String DATABASE = "test";
  static final String PASSWORD = "not-a-secret";

  private static final Optional<PostgresqlServer> RUNNING = installed().map(PostgresqlServer::started);

  private final Path bin;
  private final Path directory;
  private final int port;

  private PostgresqlServer(Path bin, Path directory, int port) {
    this.bin = bin;
    this.directory = directory;
    this.port = port;
  }

  /** Skips the test where no server is installed. */
  static PostgresqlServer running() {
    Assumptions.assumeTrue(RUNNING.isPresent(), "no PostgreSQL in /usr/lib/postgresql: apt-get install postgresql");
    return RUNNING.orElseThrow();
  }

  int port() {
    return port;
  }

  String url(String database) {
    return "postgresql://" + USER + ":" + PASSWORD + "@localhost:" + port + "/" + database;
  }

  Connection superuser(String database) throws SQLException {
    return DriverManager.getConnection("jdbc:postgresql://localhost:" + port + "/" + database, "postgres", PASSWORD);
  }

  private static Optional<Path> installed() {
    for (Path root : List.of(Path.of("/usr/lib/postgresql"), Path.of("/opt/homebrew/opt"))) {
      if (Files.isDirectory(root)) {
        try (Stream<Path> versions = Files.list(root)) {
          Optional<Path> newest = versions.map(version -> version.resolve("bin"))
              .filter(bin -> Files.isExecutable(bin.resolve("initdb"))).max(Comparator.naturalOrder());
          if (newest.isPresent()) {
            return newest;
          }
        } catch (IOException e) {
          throw new IllegalStateException(e);
        }
      }
    }
    return Optional.empty();
  }

  private static PostgresqlServer started(Path bin) {
    try {
      Path directory = Files.createTempDirectory("pg");
      PostgresqlServer server = new PostgresqlServer(bin, directory, freePort());
      if (isRoot()) {
        command(List.of("chown", "postgres", directory.toString()));
      }
      Path password = directory.resolve("password");
      Files.writeString(password, PASSWORD);
      command(List.of("chmod", "644", password.toString()));
      server.run("initdb", "-D", server.data(), "-U", "postgres", "-A", "scram-sha-256", "--pwfile=" + password, "-E",
          "UTF8", "--locale=C.UTF-8");
      Runtime.getRuntime().addShutdownHook(new Thread(server::stop));
      server.run("pg_ctl", "-D", server.data(), "-w", "-l", directory.resolve("log").toString(), "-o",
          "-p " + server.port + " -k " + directory + " -c listen_addresses=localhost -c max_connections=200", "start");
      try (Connection connection = server.superuser("postgres"); Statement statement = connection.createStatement()) {
        statement.execute("create role " + USER + " login password '" + PASSWORD + "'");
        statement.execute("create database " + DATABASE);
        statement.execute("alter role postgres in database " + DATABASE + " set search_path = heartbeat4j, public");
      }
      return server;
    } catch (IOException | SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private void stop() {
    try {
      run("pg_ctl", "-D", data(), "-m", "immediate", "-w", "stop");
      command(List.of("rm", "-rf", directory.toString()));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private String data() {
    return directory.resolve("data").toString();
  }

  private void run(String program, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    if (isRoot()) {
      command.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"));
    }
    command.add(bin.resolve(program).toString());
    command.addAll(List.of(arguments));
    command(command);
  }

  private static void command(List<String> command) throws IOException {
    Path output = Files.createTempFile("pg", ".out");
    try {
      // not a pipe: the server would hold it open
      Process process = new ProcessBuilder(command).directory(Path.of("/").toFile()).redirectErrorStream(true)
          .redirectOutput(output.toFile()).start();
      if (!process.waitFor(Duration.ofMinutes(1).toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException(String.join(" ", command) + " failed: " + Files.readString(output, UTF_8));
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    } finally {
      Files.delete(output);
    }
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
