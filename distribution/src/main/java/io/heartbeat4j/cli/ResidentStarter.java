package io.heartbeat4j.cli;

import io.heartbeat4j.worker.SettingsException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Starts the resident process at the end of a wake that found none. The wake has run by then, so a failure costs later
 * wakes their speed and nothing else: it is one line.
 *
 * @param home of the distribution
 */
record ResidentStarter(Map<String, String> environment, Path home, ResidentDirectory directory, Clock clock,
    Consumer<String> warnings) {

  /** The variable with the process that the resident process ends with. */
  static final String ENDS_WITH = "HEARTBEAT_RESIDENT_ENDS_WITH";

  /** What a process in the background may know of the wake that started it: no secret, no scratch directory. */
  private static final List<String> PASSED_ON = List.of(
      "PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "XDG_STATE_HOME", "XDG_CACHE_HOME",
      "HEARTBEAT_JAVA_OPTS", "HEARTBEAT_AOT", "HEARTBEAT_LOG_LEVEL");

  static ResidentStarter of(Map<String, String> environment, Consumer<String> warnings) {
    return new ResidentStarter(environment, Path.of(System.getProperty("heartbeat.home", ".")),
        ResidentDirectory.of(environment), Clock.systemUTC(), warnings);
  }

  void start(RunConfiguration.Resident wanted) {
    try {
      if (directory.isListening()) {
        return; // it has declined this wake, or was started meanwhile
      }
      if (!Files.isReadable(Path.of("/proc/self/environ")) || findProgram("curl").isEmpty()) {
        throw new IOException("later wakes would need curl and /proc/self/environ to reach it");
      }
      if (!wanted.isPossible().getAsBoolean()) {
        throw new IOException("the worker needs a process of its own for each run");
      }
      if (directory.beginStart(clock)) {
        command(wanted).start();
      }
    } catch (IOException | SettingsException reason) {
      warnings.accept("no resident process was started, so the next wake runs by itself too: " + reason.getMessage());
    }
  }

  private ProcessBuilder command(RunConfiguration.Resident wanted) {
    List<String> line = new ArrayList<>();
    findProgram("setsid").ifPresent(line::add); // the server ends a run's whole process group
    line.add(home.resolve("bin/heartbeat").toString());
    line.add("resident");
    ProcessBuilder builder = new ProcessBuilder(line)
        .directory(directory.path().toFile())
        .redirectInput(new File("/dev/null"))
        .redirectErrorStream(true)
        .redirectOutput(directory.log().toFile());
    Map<String, String> variables = builder.environment();
    variables.keySet().retainAll(PASSED_ON);
    variables.put("HEARTBEAT_JAVA_HOME", System.getProperty("java.home"));
    variables.put("HEARTBEAT_STATE_DIR", String.valueOf(directory.path().getParent()));
    variables.put("HEARTBEAT_RESIDENT", wanted.idle().toString());
    topmostAncestor().ifPresent(process -> variables.put(ENDS_WITH, String.valueOf(process.pid())));
    return builder;
  }

  /** The ancestor below the first process: a server, or what has started it. Empty where the parent is the first. */
  private static Optional<ProcessHandle> topmostAncestor() {
    return Stream.iterate(ProcessHandle.current().parent(), Optional::isPresent,
        process -> process.flatMap(ProcessHandle::parent))
        .flatMap(Optional::stream)
        .filter(process -> process.pid() > 1)
        .reduce((lower, upper) -> upper);
  }

  private Optional<String> findProgram(String name) {
    return Pattern.compile(File.pathSeparator).splitAsStream(environment.getOrDefault("PATH", ""))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst();
  }
}
