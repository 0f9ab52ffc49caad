package io.heartbeat4j.worker.agent.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Finds out how a project is checked, by the files at the top of its workspace. */
final class ProjectChecks {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST_BYTES = 1_000_000;
  private static final Pattern MAKE_TARGET = Pattern.compile("^(check|test)\\s*:(?!=)", Pattern.MULTILINE);

  private final Path root;
  private final Map<String, String> found = new LinkedHashMap<>();

  private ProjectChecks(Path root) {
    this.root = root;
  }

  /** The commands, each with the file that it was detected by. */
  static Map<String, String> detect(Path root) throws IOException {
    return new ProjectChecks(root).detect();
  }

  private Map<String, String> detect() throws IOException {
    add("pom.xml", has("mvnw") ? "./mvnw -B -ntp test" : "mvn -B -ntp test");
    for (String build : new String[]{"build.gradle", "build.gradle.kts"}) {
      add(build, (has("gradlew") ? "./gradlew" : "gradle") + " test");
    }
    if (hasTestScript()) {
      add("package.json", "npm test");
    }
    add("Cargo.toml", "cargo test");
    add("go.mod", "go test ./...");
    for (String settings : new String[]{"pytest.ini", "conftest.py", "tests/conftest.py"}) {
      add(settings, "python3 -m pytest -q");
    }
    for (String settings : new String[]{"pyproject.toml", "setup.cfg", "tox.ini"}) {
      if (text(settings).contains("pytest")) {
        add(settings, "python3 -m pytest -q");
      }
    }
    var target = MAKE_TARGET.matcher(text("Makefile"));
    if (found.isEmpty() && target.find()) { // a Makefile beside others often calls them
      add("Makefile", "make " + target.group(1));
    }
    return found;
  }

  private void add(String file, String command) {
    if (has(file)) {
      found.putIfAbsent(command, file);
    }
  }

  private boolean has(String file) {
    return Files.isRegularFile(root.resolve(file));
  }

  private boolean hasTestScript() throws IOException {
    try {
      String script = JSON.readTree(text("package.json")).path("scripts").path("test").asText();
      return !script.isBlank() && !script.contains("no test specified"); // as npm init writes it
    } catch (JsonProcessingException malformed) {
      return false;
    }
  }

  private String text(String file) throws IOException {
    Path path = root.resolve(file);
    return has(file) && Files.size(path) <= MOST_BYTES ? Files.readString(path) : "";
  }
}
