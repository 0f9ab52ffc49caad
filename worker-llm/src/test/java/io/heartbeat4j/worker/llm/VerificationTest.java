package io.heartbeat4j.worker.llm;

import static io.heartbeat4j.testkit.HeartbeatAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.testkit.TestIssue;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Done is what the runtime has seen, not what the model says. */
class VerificationTest {

  private static final ScriptedTurn LIE = ScriptedTurn.finishing("done", "All tests are green.");

  @ParameterizedTest
  @EnumSource
  void a_model_that_lies_about_its_work_is_caught(WireFormat wireFormat) throws Exception {
    try (LlmFixture llmFixture = LlmFixture.open(wireFormat, Map.of("verify", List.of("grep -q Hello greeting")),
        ScriptedTurn.calling("list", Map.of()), LIE, LIE, LIE, LIE)) {
      llmFixture.writeFile("greeting", "Helo\n");
      TestIssue worked = llmFixture.work("Mend the greeting", "It says Helo.");

      assertThat(worked).isInReview();
      assertThat(worked.lastComment()).contains("All tests are green.").contains("Verified by the runtime, and red")
          .contains("`grep -q Hello greeting`: **exit code 1**").contains("no tool has changed a file");
      assertThat(worked.cards()).singleElement().satisfies(card -> assertThat(card.isPending()).isTrue());
      assertThat(llmFixture.requests()).as("sent back three times").hasSize(5);
    }
  }

  @ParameterizedTest
  @EnumSource
  void red_checks_are_given_back_with_their_output_until_they_are_green(WireFormat wireFormat) throws Exception {
    try (LlmFixture llmFixture = LlmFixture.open(wireFormat,
        Map.of("verify", List.of("cat greeting; grep -q Hello greeting")),
        ScriptedTurn.calling("edit", Map.of("path", "greeting", "old", "Helo", "new", "Hallo")),
        LIE,
        ScriptedTurn.calling("edit", Map.of("path", "greeting", "old", "Hallo", "new", "Hello")),
        ScriptedTurn.finishing("done", "Mended."))) {
      llmFixture.writeFile("greeting", "Helo\n");
      TestIssue worked = llmFixture.work("Mend the greeting", "It says Helo.");

      assertThat(worked).isDone();
      assertThat(llmFixture.requests().get(2).path("messages").toString()).contains("They are red")
          .contains("it was red before the work too").contains("Hallo");
      assertThat(worked.lastComment()).startsWith("Mended.").contains("**Verified by the runtime**")
          .contains("exit code 0").contains("4 step(s)");
      assertThat(llmFixture.state().resolve("baseline.json")).doesNotExist();
    }
  }

  @Test
  void the_comment_tells_branch_commit_files_and_what_was_green_before() throws Exception {
    try (LlmFixture llmFixture = LlmFixture.open(WireFormat.OPENAI,
        Map.of("verify", List.of("test ! -f broken"), "limits", Map.of("corrections", 0)),
        ScriptedTurn.calling("edit", Map.of("path", "a.txt", "old", "one", "new", "two"))
            .and("write", Map.of("path", "broken", "content", "x")),
        LIE)) {
      llmFixture.writeFile("a.txt", "one\n");
      git(llmFixture, "init", "-q", "-b", "work");
      git(llmFixture, "add", ".");
      git(llmFixture, "-c", "user.name=Wren", "-c", "user.email=wren@example.com", "commit", "-q", "-m", "Begin");
      TestIssue worked = llmFixture.work("Change", "it");

      assertThat(worked).isInReview();
      assertThat(worked.lastComment()).contains("it was green before the work").contains("on branch `work`")
          .contains("not committed").containsPattern("a\\.txt +\\| +2").contains("new: broken").contains("**Used**");
      assertThat(llmFixture.requests()).hasSize(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void without_checks_the_comment_says_so(WireFormat wireFormat) throws Exception {
    try (LlmFixture llmFixture = LlmFixture.open(wireFormat, ScriptedTurn.calling("list", Map.of()),
        ScriptedTurn.finishing("done", "Listed."))) {
      TestIssue worked = llmFixture.work("List", "it");
      assertThat(worked).isDone();
      assertThat(worked.lastComment()).startsWith("Listed.").contains("**Not verified**: no check is configured");
    }
  }

  @Test
  void a_detected_check_is_run_where_the_model_may_run_it_too() throws Exception {
    ScriptedTurn[] turns = {ScriptedTurn.calling("list", Map.of()), ScriptedTurn.finishing("done", "Looked.")};
    String makefile = "build:\n\ttouch built\ntest:\n\ttouch tested\n";
    try (LlmFixture allowed = LlmFixture.open(WireFormat.OPENAI, Map.of("permissions", List.of("allow run make *")),
        turns)) {
      allowed.writeFile("Makefile", makefile);
      TestIssue worked = allowed.work("Look", "at it");
      assertThat(worked.lastComment()).as(worked.toString()).contains("`make test`: exit code 0");
      assertThat(worked.progress()).contains("verify make test (detected: Makefile)");
      assertThat(allowed.hasFile("tested")).isTrue();
    }
    try (LlmFixture denied = LlmFixture.open(WireFormat.OPENAI, turns)) {
      denied.writeFile("Makefile", makefile);
      TestIssue worked = denied.work("Look", "at it");
      assertThat(worked.lastComment()).as(worked.toString()).contains("**Not verified**").contains("`make test`")
          .contains("add `allow run make test`");
      assertThat(denied.hasFile("tested")).isFalse();
    }
  }

  @Test
  void a_real_npm_project_is_mended_until_its_tests_are_green() throws Exception {
    try (
        LlmFixture llmFixture = LlmFixture.open(WireFormat.ANTHROPIC, Map.of("permissions", List.of("allow run npm *")),
            ScriptedTurn.calling("edit", Map.of("path", "sum.js", "old", "a - b", "new", "a * b")), LIE,
            ScriptedTurn.calling("edit", Map.of("path", "sum.js", "old", "a * b", "new", "a + b")),
            ScriptedTurn.finishing("done", "It adds now."))) {
      llmFixture.writeFile("package.json", "{\"scripts\": {\"test\": \"node --test\"}}")
          .writeFile("sum.js", "exports.sum = (a, b) => a - b;\n")
          .writeFile("sum.test.js", "const test = require('node:test');\nconst {sum} = require('./sum.js');\n"
              + "test('adds', () => require('node:assert').strictEqual(sum(2, 3), 5));\n");
      TestIssue worked = llmFixture.work("Mend the sum", "It subtracts.");

      assertThat(worked).isDone();
      assertThat(llmFixture.requests().get(2).path("messages").toString()).contains("it was red before the work too")
          .contains("strictEqual");
      assertThat(worked.lastComment()).contains("`npm test`: exit code 0");
      assertThat(worked.progress()).contains("verify before the work: npm test (detected: package.json)");
    }
  }

  private static void git(LlmFixture llmFixture, String... arguments) throws Exception {
    List<String> line = new java.util.ArrayList<>(List.of("git"));
    line.addAll(List.of(arguments));
    int code = new ProcessBuilder(line).directory(llmFixture.workspace().toFile()).inheritIO().start().waitFor();
    assertThat(code).isZero();
    assertThat(Files.exists(llmFixture.workspace().resolve(".git"))).isTrue();
  }
}
