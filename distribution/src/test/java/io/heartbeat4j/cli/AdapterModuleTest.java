package io.heartbeat4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** The tests of {@code paperclip-adapter}, where there is a node to run them; .ci/run checks its types too. */
class AdapterModuleTest {

  static boolean nodeIsHere() {
    return Stream.of(System.getenv("PATH").split(":")).anyMatch(folder -> Files.isExecutable(Path.of(folder, "node")));
  }

  @Test
  @EnabledIf("nodeIsHere")
  void the_adapters_own_tests_pass() throws IOException, InterruptedException {
    Path module = Path.of("../paperclip-adapter").toAbsolutePath().normalize();
    List<String> command = new ArrayList<>(List.of("node", "--test"));
    try (Stream<Path> tests = Files.list(module.resolve("test"))) {
      tests.map(Path::toString).filter(name -> name.endsWith(".test.js")).sorted().forEach(command::add);
    }

    Process process = new ProcessBuilder(command).directory(module.toFile()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said).containsPattern("# pass [1-9]");
  }
}
