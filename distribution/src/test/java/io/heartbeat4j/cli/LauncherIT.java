package io.heartbeat4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.heartbeat4j.cli.DistributionProcess.ProcessResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher as a process. The JDKs are made up: each is a directory with a release file and a {@code java} that says
 * which one it is and what it was asked to run.
 */
class LauncherIT {

  @TempDir
  Path directory;

  private Path home;

  @BeforeEach
  void copyTheLauncher() throws IOException {
    home = Files.createDirectories(directory.resolve("heartbeat4j"));
    Files.createDirectories(home.resolve("bin"));
    Files.createDirectories(home.resolve("lib"));
    Files.copy(DistributionProcess.HOME.resolve("bin/heartbeat"), launcher(), StandardCopyOption.COPY_ATTRIBUTES);
    Files.writeString(home.resolve("lib/heartbeat.jar"), "a jar");
  }

  private Path launcher() {
    return home.resolve("bin/heartbeat");
  }

  private Path jdk(String version) throws IOException {
    Path jdk = Files.createDirectories(directory.resolve("user/.jdks/jdk-" + version));
    Files.writeString(jdk.resolve("release"), """
        IMPLEMENTOR="Somebody"
        JAVA_VERSION="%s"
        JAVA_RUNTIME_VERSION="%s+1"
        OS_ARCH="any"
        """.formatted(version, version));
    Files.createDirectories(jdk.resolve("bin"));
    executable(jdk.resolve("bin/java"), "#!/bin/sh\necho \"java " + version + ": $*\"\n");
    return jdk;
  }

  private static void executable(Path file, String script) throws IOException {
    Files.writeString(file, script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Sees only what is below the user's home; a machine's own JDKs are out of its sight where it matters. */
  private ProcessResult start(Path command, Map<String, String> environment, String... arguments) {
    Map<String, String> all = new HashMap<>(Map.of(
        "PATH", System.getenv("PATH"), "HOME", directory.resolve("user").toString(), "HEARTBEAT_AOT", "off"));
    all.putAll(environment);
    return DistributionProcess.run(command, all, arguments);
  }

  @Test
  void the_newest_jdk_is_taken() throws IOException {
    jdk("21.0.1");
    jdk("999.0.2");
    jdk("300");

    assertThat(start(launcher(), Map.of(), "version").out()).startsWith("java 999.0.2: ");
  }

  @Test
  void a_chosen_jdk_wins_over_a_newer_one() throws IOException {
    jdk("999");
    Path chosen = jdk("21.0.4");

    assertThat(start(launcher(), Map.of("HEARTBEAT_JAVA_HOME", chosen.toString()), "version").out())
        .startsWith("java 21.0.4: ");
  }

  @Test
  void a_chosen_jdk_that_is_too_old_or_none_is_one_line_and_exit_code_78() throws IOException {
    for (Path unusable : List.of(jdk("17.0.9"), jdk("1.8.0_402"), directory)) {
      ProcessResult end = start(launcher(), Map.of("HEARTBEAT_JAVA_HOME", unusable.toString()), "run");

      assertThat(end.code()).isEqualTo(78);
      assertThat(end.errorLines()).singleElement().asString()
          .contains("no JDK 21 or newer").contains("HEARTBEAT_JAVA_HOME");
      assertThat(end.out()).isEmpty();
    }
  }

  @Test
  void what_is_not_a_jdk_in_the_usual_places_is_passed_over() throws IOException {
    jdk("999");
    Files.createDirectories(directory.resolve("user/.jdks/empty"));
    Path strange = jdk("1000");
    Files.writeString(strange.resolve("release"), "nonsense\n");

    assertThat(start(launcher(), Map.of(), "version").out()).startsWith("java 999: ");
  }

  @Test
  void arguments_are_passed_on_as_they_are() throws IOException {
    executable(jdk("999").resolve("bin/java"), "#!/bin/sh\nfor each; do echo \"<$each>\"; done\n");

    assertThat(start(launcher(), Map.of(), "run", "--config", "two words.yaml", "$HOME", "").out())
        .endsWith("<io.heartbeat4j.cli.Main>\n<run>\n<--config>\n<two words.yaml>\n<$HOME>\n<>\n");
  }

  @Test
  void a_directory_with_spaces_and_a_symbolic_link_are_no_trouble() throws IOException {
    jdk("999");
    Path spaced = directory.resolve("a place with spaces");
    Files.move(home, spaced);
    Path link = Files.createSymbolicLink(directory.resolve("hb"), Path.of("a place with spaces/bin/heartbeat"));
    Path linkToLink = Files.createSymbolicLink(directory.resolve("user/hb"), link);

    for (Path command : List.of(spaced.resolve("bin/heartbeat"), link, linkToLink)) {
      assertThat(start(command, Map.of(), "version").out())
          .contains("-cp " + spaced + "/lib/heartbeat.jar").contains("-Dheartbeat.home=" + spaced);
    }
  }

  @Test
  void jvm_options_are_added() throws IOException {
    jdk("999");

    assertThat(start(launcher(), Map.of("HEARTBEAT_JAVA_OPTS", "-Xmx1g -Dx=y"), "version").out())
        .contains("-Xmx1g -Dx=y");
  }

  @Test
  void a_start_up_cache_beside_the_jars_is_used_by_the_jdk_that_it_is_named_after() throws IOException {
    jdk("999");
    Files.writeString(home.resolve("lib/heartbeat-Somebody-999_1-any.aot"), "another JDK's");
    Path cache = Files.writeString(home.resolve("lib/heartbeat-Somebody-999+1-any.aot"), "a cache");
    later(cache);

    assertThat(start(launcher(), Map.of("HEARTBEAT_AOT", "on"), "run").out()).contains("-XX:AOTCache=" + cache);
    assertThat(start(launcher(), Map.of("HEARTBEAT_AOT", "off"), "run").out()).doesNotContain("AOTCache");
    assertThat(start(launcher(), Map.of("HEARTBEAT_AOT", "on"), "version").out())
        .as("what needs no platform loads none").doesNotContain("AOTCache");
  }

  @Test
  void a_cache_that_another_user_has_put_into_the_users_directory_is_not_used() throws Exception {
    assumeTrue("root".equals(System.getProperty("user.name")), "only root may start the launcher as other users");
    jdk("999");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path caches = Files.createDirectories(directory.resolve("caches/heartbeat4j"));
    String name = home.toString().replaceAll("[^A-Za-z0-9.+-]", "_");
    Path cache = Files.writeString(caches.resolve(name + "-Somebody-999+1-any.aot"), "a cache");
    later(cache);
    Path asNobody = directory.resolve("as-nobody");
    executable(asNobody, "#!/bin/sh\nexec setpriv --reuid=nobody --clear-groups " + launcher() + " \"$@\"\n");
    Map<String, String> environment = Map.of("HEARTBEAT_AOT", "on", "XDG_CACHE_HOME",
        directory.resolve("caches").toString());

    assertThat(start(asNobody, environment, "run").out()).startsWith("java 999").doesNotContain("-XX:AOTCache=");
    Files.setOwner(cache, cache.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
    assertThat(start(asNobody, environment, "run").out()).contains("-XX:AOTCache=" + cache);
  }

  @Test
  void a_cache_that_is_older_than_the_jar_is_not_used() throws IOException {
    jdk("999");
    later(home.resolve("lib/heartbeat.jar"));
    Files.writeString(home.resolve("lib/heartbeat-Somebody-999+1-any.aot"), "a cache");

    assertThat(start(launcher(), Map.of("HEARTBEAT_AOT", "on"), "run").out()).doesNotContain("-XX:AOTCache=");
  }

  @Test
  void a_cache_that_is_no_cache_is_passed_over_in_silence() throws IOException {
    Map<String, String> real = Map.of(
        "HEARTBEAT_AOT", "on", "HEARTBEAT_JAVA_HOME", System.getProperty("java.home"));
    Path shipped = copyOfWhatIsShipped();
    try (Stream<String> release = Files.lines(Path.of(System.getProperty("java.home"), "release"))) {
      Files.writeString(shipped.resolve("lib/heartbeat" + suffix(release.toList()) + ".aot"), "not a cache at all");
    }

    ProcessResult end = start(shipped.resolve("bin/heartbeat"), real, "run", "--version");

    assertThat(end.code()).isZero();
    assertThat(end.out()).startsWith("heartbeat4j ").hasLineCount(1);
    assertThat(end.err()).isEmpty();
  }

  @Test
  void the_front_door_says_in_one_line_that_building_needs_a_jdk() throws IOException {
    Path clone = Files.createDirectories(directory.resolve("clone"));
    Path door = clone.resolve("heartbeat");
    Files.copy(Path.of(System.getProperty("repository"), "heartbeat"), door, StandardCopyOption.COPY_ATTRIBUTES);
    Path tools = Files.createDirectories(directory.resolve("tools"));
    executable(tools.resolve("mvn"), """
        #!/bin/sh
        echo "[ERROR] Cannot find matching toolchain definitions for the following toolchain types:{version=[21,)}"
        echo "[ERROR] -> [Help 1]"
        exit 1
        """);

    ProcessResult end = start(door, Map.of("PATH", tools + ":" + System.getenv("PATH")), "demo");

    assertThat(end.code()).isEqualTo(78);
    assertThat(end.errorLines()).hasSize(2).first().asString().contains("building (first time: some minutes)");
    assertThat(end.errorLines()).last().asString().contains("needs a JDK 21 or newer on this machine");
  }

  @Test
  void the_front_door_says_in_one_line_why_a_build_failed() throws IOException {
    Path door = Files.createDirectories(directory.resolve("clone")).resolve("heartbeat");
    Files.copy(Path.of(System.getProperty("repository"), "heartbeat"), door, StandardCopyOption.COPY_ATTRIBUTES);
    Path tools = Files.createDirectories(directory.resolve("tools"));
    executable(tools.resolve("mvn"), "#!/bin/sh\necho '[ERROR] no network'\necho '[ERROR] more'\nexit 1\n");

    ProcessResult end = start(door, Map.of("PATH", tools + ":" + System.getenv("PATH")), "demo");

    assertThat(end.code()).isEqualTo(78);
    assertThat(end.errorLines()).last().asString().contains("the build failed: no network", "target/build.log");
  }

  private static String suffix(List<String> release) {
    StringBuilder build = new StringBuilder();
    for (String line : release) {
      if (line.startsWith("IMPLEMENTOR=") || line.startsWith("JAVA_RUNTIME_VERSION=") || line.startsWith("OS_ARCH=")) {
        build.append('-').append(line.split("\"")[1]);
      }
    }
    return build.toString().replaceAll("[^A-Za-z0-9.+-]", "_");
  }

  private Path copyOfWhatIsShipped() throws IOException {
    Path copy = directory.resolve("shipped");
    try (Stream<Path> files = Files.walk(DistributionProcess.HOME)) {
      for (Path file : files.filter(each -> !each.toString().contains(".aot")).toList()) {
        Files.copy(file, copy.resolve(DistributionProcess.HOME.relativize(file).toString()));
      }
    }
    return copy;
  }

  private static void later(Path file) throws IOException {
    Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.fromMillis(System.currentTimeMillis() + 60_000));
  }
}
