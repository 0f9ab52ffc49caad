package io.heartbeat4j.worker.acp;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.protocol.IssueStatus;
import io.heartbeat4j.testkit.TestIssue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the program may do is the operator's word, or a person's. */
@Timeout(60)
class PermissionTest {

  private static final String DONE = "tool finish {\"status\": \"done\", \"summary\": \"Pushed.\"}\n";

  @TempDir
  Path directory;

  private AcpFixture fixture(List<String> permissions, String script) throws Exception {
    return new AcpFixture(directory, Map.of("permissions", permissions), script);
  }

  @Test
  void a_call_that_a_person_has_to_allow_waits_for_the_card_and_is_then_made_once() throws Exception {
    String push = "run touch " + directory + "/pushed\n";
    try (AcpFixture acp = fixture(List.of("ask run touch *"), "loads\n" + push + DONE + "---\n" + push + DONE)) {
      TestIssue asked = acp.company().issue("Push it", "").isWorked();
      assertThat(asked.status()).as(asked.toString()).isEqualTo(IssueStatus.IN_REVIEW);
      assertThat(asked.lastComment()).contains("I need permission for `run touch").contains("ask run touch *");
      assertThat(directory.resolve("pushed")).doesNotExist();
      acp.nothingIsLeft();

      TestIssue done = asked.accept();
      assertThat(done.status()).as(done.toString()).isEqualTo(IssueStatus.DONE);
      assertThat(directory.resolve("pushed")).exists();
      assertThat(acp.log()).contains("session/cancel").contains("session/load").contains("is allowed, once");
    }
  }

  @Test
  void a_command_that_a_person_has_allowed_once_is_asked_for_again_the_second_time() throws Exception {
    String push = "run touch " + directory + "/pushed\n";
    try (AcpFixture acp = fixture(List.of("ask run touch *"), "loads\n" + push + DONE + "---\n" + push + push + DONE)) {
      TestIssue again = acp.company().issue("Push it", "").isWorked().accept();

      assertThat(again.status()).as(again.toString()).isEqualTo(IssueStatus.IN_REVIEW);
      assertThat(directory.resolve("pushed")).exists();
    }
  }

  @Test
  void a_call_that_a_person_refuses_is_not_made() throws Exception {
    String push = "run touch " + directory + "/pushed\n";
    try (AcpFixture acp = fixture(List.of("ask run touch *"),
        "loads\n" + push + DONE + "---\ntool block {\"reason\": \"It was refused.\", \"who\": \"answer\"}\n")) {
      TestIssue refused = acp.company().issue("Push it", "").isWorked().reject("Not today.");
      assertThat(refused.status()).as(refused.toString()).isEqualTo(IssueStatus.BLOCKED);
      assertThat(directory.resolve("pushed")).doesNotExist();
      assertThat(acp.log()).contains("was refused. Do without it");
    }
  }

  @Test
  void a_rule_answers_at_once_and_without_one_no_command_runs() throws Exception {
    try (AcpFixture acp = fixture(
        List.of("allow run touch " + directory + "/a*", "deny run touch " + directory + "/ab"),
        "-\nrun touch " + directory + "/aa\nrun touch " + directory + "/ab\nrun touch " + directory + "/c\n" + DONE)) {
      TestIssue worked = acp.company().issue("Touch", "").isWorked();
      assertThat(worked.status()).as(worked.toString()).isEqualTo(IssueStatus.DONE);
      assertThat(directory.resolve("aa")).exists();
      assertThat(directory.resolve("ab")).doesNotExist();
      assertThat(directory.resolve("c")).doesNotExist();
      assertThat(worked.progress()).anyMatch(line -> line.contains("denied: run touch") && line.contains("no rule"));
    }
  }

  @Test
  void files_stay_in_the_workspace_and_behind_the_rules() throws Exception {
    Path outside = Files.writeString(directory.resolve("outside.txt"), "secret");
    try (AcpFixture acp = fixture(List.of("deny write secrets/**"), "-\nwrite ../outside.txt changed\nwrite "
        + outside + " changed\nwrite secrets/key.txt changed\nwrite .git/config changed\nwrite sub/fine.txt changed\n"
        + DONE)) {
      TestIssue worked = acp.company().issue("Write", "").isWorked();
      assertThat(worked.status()).as(worked.toString()).isEqualTo(IssueStatus.DONE);
      assertThat(outside).hasContent("secret");
      assertThat(acp.workspace.resolve("secrets/key.txt")).doesNotExist();
      assertThat(acp.workspace.resolve(".git/config")).doesNotExist();
      assertThat(acp.workspace.resolve("sub/fine.txt")).hasContent("changed");
      assertThat(acp.log()).contains("not permitted: write ../outside.txt");
    }
  }
}
