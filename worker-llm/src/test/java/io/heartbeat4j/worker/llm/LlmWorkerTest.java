package io.heartbeat4j.worker.llm;

import static io.heartbeat4j.testkit.HeartbeatAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.protocol.IssueStatus;
import io.heartbeat4j.testkit.TestIssue;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A model that works as it should: what reaches the provider, the files and the issue. */
class LlmWorkerTest {

  @ParameterizedTest
  @EnumSource
  void reads_edits_runs_and_finishes(WireFormat wireFormat) throws Exception {
    try (LlmFixture llmFixture = LlmFixture.open(wireFormat, Map.of("permissions", List.of("allow run cat *")),
        ScriptedTurn.calling("read", Map.of("path", "greeting.txt")).using(1000, 50),
        ScriptedTurn.calling("edit", Map.of("path", "greeting.txt", "old", "Helo", "new", "Hello")).using(2000, 50),
        ScriptedTurn.calling("run", Map.of("command", "cat greeting.txt")).using(3000, 50),
        ScriptedTurn.finishing("done", "Mended the greeting.").using(4000, 50))) {
      llmFixture.writeFile("greeting.txt", "Helo, world\n");
      TestIssue worked = llmFixture.work("Mend the greeting", "It says Helo.");

      assertThat(worked).isDone();
      assertThat(worked.lastComment()).startsWith("Mended the greeting.\n");
      assertThat(llmFixture.readFile("greeting.txt")).isEqualTo("Hello, world\n");
      List<JsonNode> requests = llmFixture.requests();
      assertThat(requests).hasSize(4);
      assertThat(requests.get(0).path("messages").get(0).path("content").asText()).contains("You are Worker");
      assertThat(requests.get(0).path("messages").get(1).toString()).contains("It says Helo.");
      assertThat(requests.get(3).path("messages").toString()).contains("exit code 0").contains("Hello, world");
      assertThat(worked.timeline().toString()).contains("10200 tokens");
      assertThat(worked.progress()).containsSubsequence("> read greeting.txt", "> edit greeting.txt",
          "$ cat greeting.txt", "Hello, world", "exit code 0", "> finish");
    }
  }

  @ParameterizedTest
  @EnumSource
  void the_log_shows_why_a_call_failed(WireFormat wireFormat) throws Exception {
    try (LlmFixture llmFixture = LlmFixture.open(wireFormat,
        ScriptedTurn.calling("read", Map.of("path", "nowhere.txt")),
        ScriptedTurn.finishing("blocked", "There is no such file."))) {
      TestIssue worked = llmFixture.work("Read it", "please");

      assertThat(worked.progress()).containsSubsequence("> read nowhere.txt")
          .anySatisfy(line -> assertThat(line).startsWith("failed: read ").contains("nowhere.txt"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void does_several_calls_of_one_turn_in_their_order(WireFormat wireFormat) throws Exception {
    try (LlmFixture llmFixture = LlmFixture.open(wireFormat,
        ScriptedTurn.calling("write", Map.of("path", "a/b/one.txt", "content", "1\n"))
            .and("write", Map.of("path", "two.txt", "content", "2\n"))
            .and("glob", Map.of("pattern", "**/*.txt")),
        ScriptedTurn.finishing("done", "Both are there."))) {
      TestIssue worked = llmFixture.work("Write two files", "one and two");

      assertThat(worked).isDone();
      assertThat(llmFixture.readFile("a/b/one.txt")).isEqualTo("1\n");
      assertThat(llmFixture.readFile("two.txt")).isEqualTo("2\n");
      assertThat(llmFixture.requests().get(1).path("messages").toString()).containsPattern("a/b/one.txt\\\\+ntwo.txt");
    }
  }

  @ParameterizedTest
  @EnumSource
  void goes_on_from_its_transcript_with_what_is_new(WireFormat wireFormat) throws Exception {
    try (LlmFixture llmFixture = LlmFixture.open(wireFormat,
        ScriptedTurn.calling("ask", Map.of("question", "Which colour?", "summary", "The fence can have any.",
            "options", List.of("red", "blue"))),
        ScriptedTurn.calling("write", Map.of("path", "colour", "content", "blue")),
        ScriptedTurn.finishing("done", "Painted it."))) {
      TestIssue asked = llmFixture.work("Paint the fence", "well");
      assertThat(asked).isBlocked();
      assertThat(asked.cards()).hasSize(1);

      TestIssue answered = asked.answer(Map.of("answer", "option-2"));
      assertThat(answered).isDone();
      assertThat(llmFixture.readFile("colour")).isEqualTo("blue");
      String last = llmFixture.requests().get(1).path("messages").toString();
      assertThat(last).contains("You are back on the issue")
          .contains("Which colour?\\n-> blue\\n</data-").doesNotContain("optionIds");
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_was_changed_on_the_board_is_told_in_one_block(WireFormat wireFormat) throws Exception {
    ScriptedTurn blocked = ScriptedTurn.finishing("blocked", "Which fence?");
    try (LlmFixture llmFixture = LlmFixture.open(wireFormat, Map.of("trust-answers", true), blocked)) {
      TestIssue asked = llmFixture.work("Paint the fence", "Use red.");
      String id = asked.issue().id().toString();
      llmFixture.script(blocked, ScriptedTurn.finishing("done", "Painted."));
      llmFixture.company().board().updateIssue(id, Map.of("title", "Paint the long fence", "description", "Use blue."))
          .toCompletionStage().toCompletableFuture().get();
      TestIssue done = asked.comment("The long one.");

      assertThat(done).isDone();
      String messages = llmFixture.requests().get(0).path("messages").toString();
      String told = messages.substring(messages.indexOf("What has changed since your last turn"));
      assertThat(told).containsSubsequence("Its title was changed, and is now:", "Paint the long fence",
          "Its description was changed, and is now:", "Use blue.", "New comments", "The long one.", "# Why now");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_subtask_that_somebody_has_ended_is_told(WireFormat wireFormat) throws Exception {
    ScriptedTurn delegates = ScriptedTurn
        .calling("create_subtask", Map.of("report", "Wren", "title", "Buy paint", "description", "Red."))
        .and("finish", Map.of("outcome", "blocked", "summary", "Shall I?", "waiting_for", "answer"));
    try (LlmFixture llmFixture = LlmFixture.open(wireFormat, delegates)) {
      llmFixture.company().addReport("Wren");
      TestIssue asked = llmFixture.work("Paint the fence", "Use red.");
      String subtask = asked.subtasks().get(0).id().toString();
      llmFixture.company().board().updateIssue(subtask, Map.of("status", "done"))
          .toCompletionStage().toCompletableFuture().get();
      llmFixture.script(delegates, delegates, ScriptedTurn.finishing("done", "Painted."));
      TestIssue worked = asked.comment("How is it?");
      String messages = llmFixture.requests().get(0).path("messages").toString();
      assertThat(messages.substring(messages.indexOf("What has changed since your last turn"))).as(worked.toString())
          .contains("The list of its subtasks was changed").containsPattern("Buy paint: done");
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_has_not_changed_is_not_told_again(WireFormat wireFormat) throws Exception {
    ScriptedTurn blocked = ScriptedTurn.finishing("blocked", "May I?");
    try (LlmFixture llmFixture = LlmFixture.open(wireFormat, Map.of("trust-answers", true), blocked)) {
      TestIssue asked = llmFixture.work("Paint the fence", "Use red.");
      llmFixture.script(blocked, ScriptedTurn.finishing("done", "Painted."));
      assertThat(asked.accept().status()).isEqualTo(IssueStatus.DONE);
      String messages = llmFixture.requests().get(0).path("messages").toString();
      assertThat(messages.substring(messages.indexOf("What has changed since your last turn")))
          .contains("Nothing on the issue itself").doesNotContain("Use red.").contains("-> accepted");
    }
  }

  @ParameterizedTest
  @EnumSource
  void instructions_from_the_server_and_from_files_stand_in_the_system_prompt(WireFormat wireFormat) throws Exception {
    try (LlmFixture llmFixture = LlmFixture.open(wireFormat, ScriptedTurn.finishing("blocked", "x"))) {
      llmFixture.company().setInstructions("Be brief, and never touch the " + LlmFixture.KEY);
      llmFixture.writeFile("AGENTS.md", "Build with make.");
      llmFixture.work("Build it", "well");
      JsonNode system = llmFixture.requests().get(0).path("messages").get(0);
      assertThat(system.path("role").asText()).isEqualTo("system");
      assertThat(system.path("content").asText())
          .containsSubsequence("# Instructions of your operator", "Be brief, and never touch the ***",
              "Build with make.");
    }
  }

  @ParameterizedTest
  @EnumSource
  void plans_comments_and_delegates_to_a_report(WireFormat wireFormat) throws Exception {
    try (LlmFixture llmFixture = LlmFixture.open(wireFormat,
        ScriptedTurn.calling("plan", Map.of("text", "# First this")).and("comment", Map.of("text", "Planning.")),
        ScriptedTurn.calling("plan", Map.of("text", "Then that", "append", true)),
        ScriptedTurn.calling("create_subtask", Map.of("report", "Nobody", "title", "That", "description", "All of it")),
        ScriptedTurn.calling("create_subtask", Map.of("report", "Wren", "title", "That", "description", "All of it",
            "priority", "high")),
        ScriptedTurn.calling("finish",
            Map.of("outcome", "blocked", "summary", "Wren does it.", "waiting_for", "subtasks")))) {
      llmFixture.company().addReport("Wren");
      TestIssue worked = llmFixture.work("The whole", "in parts");

      assertThat(worked).isBlocked();
      assertThat(worked.documentText("plan")).isEqualTo("# First this\n\nThen that");
      assertThat(worked.comments()).first().isEqualTo("Planning.");
      assertThat(worked.subtasks()).singleElement().satisfies(part -> {
        assertThat(part.title()).isEqualTo("That");
        assertThat(part.parentId()).isEqualTo(worked.issue().id());
      });
      assertThat(llmFixture.requests().get(3).path("messages").toString()).contains("'Nobody' does not report to you")
          .contains("Wren");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_thread_is_shortened_before_the_models_window_is_full(WireFormat wireFormat) throws Exception {
    try (LlmFixture llmFixture = LlmFixture.open(wireFormat, Map.of("model", Map.of("context-window", 32_768)),
        ScriptedTurn.calling("read", Map.of("path", "long", "from", 1)),
        ScriptedTurn.calling("read", Map.of("path", "long", "from", 300)),
        ScriptedTurn.calling("read", Map.of("path", "long", "from", 600)),
        ScriptedTurn.calling("read", Map.of("path", "long", "from", 500)),
        ScriptedTurn.finishing("done", "Read it."))) {
      llmFixture.writeFile("long", "a line of a file that is long, and longer still\n".repeat(1000));
      TestIssue worked = llmFixture.work("Read", "the long file");

      assertThat(worked).isDone();
      List<JsonNode> requests = llmFixture.requests();
      assertThat(requests).hasSize(5);
      assertThat(requests.get(4).path("messages").toString()).contains("the long file").contains("left out")
          .hasSizeLessThan(32_768 * 3 / 2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void answers_a_mention_and_changes_nothing(WireFormat wireFormat) throws Exception {
    try (LlmFixture llmFixture = LlmFixture.open(wireFormat,
        ScriptedTurn.calling("write", Map.of("path", "x", "content", "y")),
        ScriptedTurn.calling("finish", Map.of("reply", "It is in the second drawer.")))) {
      TestIssue worked = llmFixture.company().issue("Find the key").mention("do you know where it is?");

      assertThat(worked.comments()).as(worked.toString()).containsExactly("It is in the second drawer.");
      assertThat(llmFixture.hasFile("x")).isFalse();
      assertThat(llmFixture.requests().get(1).path("messages").toString()).contains("there is no tool 'write'");
    }
  }

  @ParameterizedTest
  @EnumSource
  void reports_what_it_cost_once(WireFormat wireFormat) throws Exception {
    try (LlmFixture llmFixture = LlmFixture.open(wireFormat, Map.of("prices", Map.of(wireFormat.model(), "10, 1, 100")),
        ScriptedTurn.calling("list", Map.of()).using(10_000, 100),
        ScriptedTurn.finishing("done", "Listed.").using(10_000, 100))) {
      TestIssue worked = llmFixture.work("List", "it");
      assertThat(worked).isDone();
      assertThat(llmFixture.company().spentCents()).isEqualTo(22);
      assertThat(worked.progress()).anySatisfy(line -> assertThat(line).contains("0.2200 US dollars"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void comes_back_later_where_only_time_helps(WireFormat wireFormat) throws Exception {
    try (LlmFixture llmFixture = LlmFixture.open(wireFormat,
        ScriptedTurn.calling("finish", Map.of("outcome", "later", "summary", "The build runs.", "minutes", 45)))) {
      Instant before = Instant.now().minusSeconds(1);
      TestIssue worked = llmFixture.work("Build", "it");
      Instant after = Instant.now().plusSeconds(1);

      assertThat(worked).isInReview();
      assertThat(worked.lastComment()).contains("The build runs.");
      assertThat(llmFixture.requests()).hasSize(1);
      assertThat(worked.issue().monitorNextCheckAt())
          .isBetween(before.plus(Duration.ofMinutes(45)), after.plus(Duration.ofMinutes(45)));
    }
  }
}
