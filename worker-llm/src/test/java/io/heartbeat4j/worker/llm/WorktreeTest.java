package io.heartbeat4j.worker.llm;

import static io.heartbeat4j.testkit.HeartbeatAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.testkit.TestIssue;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The work of each issue is on a branch of its own in a real git repository, and ends where the operator wants it. */
class WorktreeTest {

  private static final ScriptedTurn[] WRITES = {
      ScriptedTurn.calling("edit", Map.of("path", "a.txt", "old", "one", "new", "two"))
          .and("write", Map.of("path", "new.txt", "content", "x")),
      ScriptedTurn.finishing("done", "Changed.")};

  @TempDir
  Path directory;

  @Test
  void a_done_issue_is_committed_in_the_agents_name_and_published() throws Exception {
    Path remote = directory.resolve("remote.git");
    git(directory, "init", "-q", "--bare", remote.toString());
    try (LlmFixture llmFixture = open(List.of("git push -q " + remote + " {branch}"), WRITES)) {
      TestIssue worked = llmFixture.work("Change \"it\" $(id)", "now");

      String branch = branch(worked);
      assertThat(worked).isDone().hasCommentContaining("**Branch** `" + branch + "`, begun at `main`: published by");
      assertThat(llmFixture.readFile("a.txt")).as("the workspace itself").isEqualTo("one\n");
      assertThat(git(remote, "show", "--format=%an|%s", "--name-only", branch)).contains(
          "Worker|" + worked.issue().identifier() + ": Change \"it\" $(id)", "a.txt", "new.txt");
      assertThat(worked.lastComment()).contains("committed up to").containsPattern("a\\.txt +\\| +2");
    }
  }

  @Test
  void an_issue_whose_branch_can_not_be_published_goes_to_a_person() throws Exception {
    try (LlmFixture llmFixture = open(List.of("git push -q " + directory.resolve("nowhere") + " {branch}"), WRITES)) {
      TestIssue worked = llmFixture.work("Change", "it");
      assertThat(worked).isInReview().hasCommentContaining("**not published**")
          .hasCommentContaining("does not appear to be a git repository");
      assertThat(worked.cards()).hasSize(1);
    }
  }

  @Test
  void the_branch_of_a_done_issue_is_removed_when_it_is_merged_and_no_other_is() throws Exception {
    try (LlmFixture llmFixture = open(List.of(), WRITES)) {
      String merged = branch(llmFixture.work("First", "it"));
      String open = branch(llmFixture.work("Second", "it"));
      git(llmFixture.workspace(), "merge", "-q", merged);
      String last = branch(llmFixture.work("Third", "it"));

      assertThat(git(llmFixture.workspace(), "branch", "--list", "--format=%(refname:short)", "heartbeat/*").lines())
          .containsExactlyInAnyOrder(open, last);
      assertThat(trees(llmFixture).resolve(merged.substring("heartbeat/".length()))).doesNotExist();
      assertThat(trees(llmFixture).resolve(open.substring("heartbeat/".length()))).exists();
    }
  }

  @Test
  void the_comment_tells_what_the_branch_does_not_have() throws Exception {
    try (LlmFixture llmFixture = open(List.of(), WRITES)) {
      llmFixture.writeFile("a.txt", "three\n");
      TestIssue worked = llmFixture.work("Change", "it");
      assertThat(worked.lastComment()).contains("the uncommitted changes of `").contains("are not part of the branch");
    }
  }

  @Test
  void a_workspace_without_git_and_a_base_that_is_not_there_ask_for_the_operator() throws Exception {
    try (LlmFixture llmFixture = LlmFixture.open(WireFormat.OPENAI, Map.of("worktree", Map.of()), WRITES)) {
      TestIssue worked = llmFixture.work("Change", "it");
      assertThat(worked).isBlocked().hasCommentContaining("is no working tree of a git repository");
      repository(llmFixture);
    }
    try (LlmFixture llmFixture = LlmFixture.open(WireFormat.OPENAI, Map.of("worktree", Map.of("base", "trunk")),
        WRITES)) {
      repository(llmFixture);
      TestIssue worked = llmFixture.work("Change", "it");
      assertThat(worked).isBlocked().hasCommentContaining("has no 'trunk'");
    }
  }

  private static LlmFixture open(List<String> publish, ScriptedTurn... turns) throws Exception {
    LlmFixture llmFixture = LlmFixture.open(WireFormat.OPENAI,
        Map.of("worktree", Map.of("base", "main", "publish", publish)), turns);
    repository(llmFixture);
    return llmFixture;
  }

  private static void repository(LlmFixture llmFixture) throws Exception {
    llmFixture.writeFile("a.txt", "one\n");
    git(llmFixture.workspace(), "init", "-q", "-b", "main");
    git(llmFixture.workspace(), "add", ".");
    git(llmFixture.workspace(), "commit", "-q", "-m", "Begin");
  }

  private static Path trees(LlmFixture llmFixture) {
    return llmFixture.workspace().resolveSibling(llmFixture.workspace().getFileName() + "-worktrees");
  }

  private static String branch(TestIssue worked) {
    return "heartbeat/" + worked.issue().identifier();
  }

  private static String git(Path place, String... arguments) throws Exception {
    List<String> line = new ArrayList<>(List.of("git", "-c", "user.name=Wren", "-c", "user.email=wren@example.com"));
    line.addAll(List.of(arguments));
    Path out = Files.createTempFile("git", ".out");
    int code = new ProcessBuilder(line).directory(place.toFile()).redirectErrorStream(true)
        .redirectOutput(out.toFile()).start().waitFor();
    String printed = Files.readString(out, StandardCharsets.UTF_8);
    Files.delete(out);
    assertThat(code).as(printed).isZero();
    return printed;
  }
}
