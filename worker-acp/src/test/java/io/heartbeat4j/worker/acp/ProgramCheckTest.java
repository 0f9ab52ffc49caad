package io.heartbeat4j.worker.acp;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.worker.CheckResult;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an operator is told of a program before it works. */
@Timeout(60)
class ProgramCheckTest {

  @TempDir
  Path directory;

  private List<CheckResult> check(String options) throws Exception {
    try (AcpFixture acp = new AcpFixture(directory, options + "\n")) {
      List<CheckResult> found = acp.check();
      acp.nothingIsLeft();
      return found;
    }
  }

  @Test
  void a_program_that_is_ready_is_told_with_its_version_and_what_it_can_do() throws Exception {
    assertThat(check("loads")).allMatch(CheckResult::isPassed).extracting(CheckResult::words).satisfiesExactly(
        program -> assertThat(program).startsWith("scripted 1, version 1"),
        capabilities -> assertThat(capabilities).isEqualTo("goes on with its sessions, takes the result tools"),
        login -> assertThat(login).startsWith("a session opens"));
  }

  @Test
  void what_a_program_can_not_do_is_told() throws Exception {
    assertThat(check("nohttp").get(1).words()).contains("keeps no sessions").contains("a block in its last message");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "old   | program | speaks version 0 of the Agent Client Protocol | install it",
      "login | login   | no session opens: Authentication required     | log in as the program's own words say",
      "root  | login   | no session opens: Internal error: bypass_root | does not run as root: set 'run-as'"})
  void what_is_missing_is_told_with_what_to_do(String option, String what, String words, String remedy)
      throws Exception {
    assertThat(check(option)).last().satisfies(failed -> {
      assertThat(failed.what()).isEqualTo(what);
      assertThat(failed.words()).contains(words);
      assertThat(failed.remedy()).hasValueSatisfying(told -> assertThat(told).contains(remedy));
    });
  }
}
