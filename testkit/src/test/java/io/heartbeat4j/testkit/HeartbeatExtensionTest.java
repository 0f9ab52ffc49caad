package io.heartbeat4j.testkit;

import static io.heartbeat4j.testkit.HeartbeatAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heartbeat4j.embedded.EmbeddedPaperclip;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.Worker;
import io.heartbeat4j.worker.WorkerFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

@HeartbeatTest(value = HeartbeatExtensionTest.CopierFactory.class, settings = {"names=[\"a\", \"b\"]", "mark = !"})
class HeartbeatExtensionTest {

  record Copies(List<String> names, String mark) {}

  /** A worker that copies a file in the workspace. */
  static final class CopierFactory implements WorkerFactory<Copies> {

    @Override
    public String name() {
      return "copier";
    }

    @Override
    public Class<Copies> settingsType() {
      return Copies.class;
    }

    @Override
    public Worker create(Copies copies) {
      return context -> {
        for (String name : copies.names()) {
          context.run().reportProgress("copy " + name);
          Files.copy(context.workspace().directory().orElseThrow().resolve("original"),
              context.workspace().directory().orElseThrow().resolve(name));
        }
        return new WorkResult.Done("Copied" + copies.mark());
      };
    }
  }

  @Test
  void a_test_gets_company_workspace_clock_and_server_of_one_place(
      TestCompany company, TestWorkspace workspace, TestClock clock, EmbeddedPaperclip server) throws IOException {
    workspace.write("original", "text");
    assertThat(company.issue("Copy").isWorked()).isDone().hasComments(1).hasComment("Copied!").hasProgress("copy b");
    assertThat(workspace.read("b")).isEqualTo("text");
    assertThat(server).isSameAs(company.server());
    assertThat(clock).isSameAs(company.clock());
  }

  @Test
  void a_failed_assertion_shows_comments_steps_and_requests(TestCompany company) {
    TestIssue issue = company.issue("Copy what is not there").isWorked();
    assertThatThrownBy(() -> assertThat(issue).isDone())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("to be done, but found: blocked")
        .hasMessageContaining("comment: ")
        .hasMessageContaining("card: request_confirmation (pending)")
        .hasMessageContaining("heartbeat (issue_assigned)")
        .hasMessageContaining("5 Checkout: DONE")
        .hasMessageContaining("7 Do the Work: PROGRESS copy a")
        .hasMessageMatching("(?s).*PATCH /api/issues/[^\n]+ -> 200.*");
  }

  @Test
  void every_assertion_says_what_it_expected_and_what_it_found(TestCompany company) {
    TestIssue issue = company.issue("Copy what is not there").isWorked();
    assertThatThrownBy(() -> assertThat(issue).hasCommentContaining("Copied")).hasMessageContaining("a comment with");
    assertThatThrownBy(() -> assertThat(issue).hasComment("Copied!")).hasMessageContaining("\"Copied!\"");
    assertThatThrownBy(() -> assertThat(issue).hasComments(2)).hasMessageContaining("2 comments");
    assertThatThrownBy(() -> assertThat(issue).hasSubtasks(2)).hasMessageContaining("2 subtasks, but found: []");
    assertThatThrownBy(() -> assertThat(issue).hasSubtasks("Part")).hasMessageContaining("[Part]");
    assertThatThrownBy(() -> assertThat(issue).hasNoPendingCard()).hasMessageContaining("no pending card");
    assertThatThrownBy(() -> assertThat(issue).hasPendingCardContaining("xyz")).hasMessageContaining("card with");
    assertThatThrownBy(() -> assertThat(issue).isBlockedBy("Part")).hasMessageContaining("blocked by [Part]");
    assertThatThrownBy(() -> assertThat(issue).hasProgress("copy c")).hasMessageContaining("found: [copy a]");
    assertThatThrownBy(() -> assertThat(issue).hasProgressContaining("copy c")).hasMessageContaining("progress with");
    assertThatThrownBy(() -> assertThat(issue).hasCostCents(1)).hasMessageContaining("1 cents, but found: 0");
    assertThatThrownBy(() -> assertThat(issue).isDueBetween(company.clock().instant(), company.clock().instant()))
        .hasMessageContaining("found: null");
    assertThat(issue).hasPendingCard();
    assertThatThrownBy(issue::completeSubtasks).hasMessageContaining("has no subtasks");
  }

  @Test
  void what_is_not_pending_can_not_be_decided(TestCompany company) {
    TestIssue issue = company.issue("Copy");
    assertThatThrownBy(issue::accept).hasMessageContaining("no card is pending");
    assertThatThrownBy(() -> issue.approve("go")).hasMessageContaining("no approval of the issue is pending");
  }
}
