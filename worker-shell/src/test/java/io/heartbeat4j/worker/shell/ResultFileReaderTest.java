package io.heartbeat4j.worker.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.ApprovalId;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.Priority;
import io.heartbeat4j.protocol.UserId;
import io.heartbeat4j.worker.Delegation;
import io.heartbeat4j.worker.ProviderUsage;
import io.heartbeat4j.worker.Question;
import io.heartbeat4j.worker.ReviewPath;
import io.heartbeat4j.worker.ReviewPath.WhenApproved;
import io.heartbeat4j.worker.UnblockCondition;
import io.heartbeat4j.worker.WorkResult;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every result that a command can write, and every way to get one wrong. */
class ResultFileReaderTest {

  private static final String ID = "00000000-0000-4000-8000-000000000001";
  private static final Question YES_OR_NO = new Question.Confirmation("Title", "Prompt?");

  private final FakeWorkContext context = new FakeWorkContext(Path.of("."));

  private WorkResult read(String json) {
    return ResultFileReader.read(json.replace('\'', '"'), context);
  }

  static Stream<Arguments> results() {
    return Stream.of(
        Arguments.of("{'result':'done','summary':'S'}", new WorkResult.Done("S")),
        Arguments.of("{'result':'needs_review','summary':'S','review':{'card':{'title':'Title','prompt':'Prompt?'}}}",
            new WorkResult.NeedsReview("S", new ReviewPath.Card(YES_OR_NO))),
        Arguments.of("{'result':'needs_review','summary':'S','review':{'card':{'questions':[{'id':'q','prompt':'P',"
            + "'several':true,'options':[{'id':'o','label':'L'}]}]}}}",
            new WorkResult.NeedsReview("S", new ReviewPath.Card(new Question.Choices(Optional.empty(), List.of(
                new Question.Choice("q", "P", true, List.of(new Question.Option("o", "L")))))))),
        Arguments.of(
            "{'result':'needs_review','summary':'S','review':{'approval':{'title':'T','summary':'A','then':'close'}}}",
            new WorkResult.NeedsReview("S", new ReviewPath.BoardApproval("T", "A", WhenApproved.CLOSE))),
        Arguments.of("{'result':'needs_review','summary':'S','review':{'approval':{'id':'" + ID + "'}}}",
            new WorkResult.NeedsReview("S", new ReviewPath.PendingApproval(ApprovalId.of(ID), WhenApproved.CONTINUE))),
        Arguments.of("{'result':'needs_review','summary':'S','review':{'person':'u'}}",
            new WorkResult.NeedsReview("S", new ReviewPath.Person(new UserId("u")))),
        Arguments.of("{'result':'blocked','reason':'R','unblock':{'issues':['" + ID + "']}}",
            new WorkResult.Blocked("R", new UnblockCondition.ByIssues(List.of(IssueId.of(ID))))),
        Arguments.of("{'result':'blocked','reason':'R','unblock':{'subtasks':true},'delegations':[{'title':'T'}]}",
            new WorkResult.Blocked("R", new UnblockCondition.BySubtasks(),
                List.of(new Delegation("T", Optional.empty(), Optional.empty(), Optional.empty())))),
        Arguments.of("{'result':'blocked','reason':'R','unblock':{'question':{'title':'Title','prompt':'Prompt?'}}}",
            new WorkResult.Blocked("R", new UnblockCondition.ByQuestion(YES_OR_NO))),
        Arguments.of("{'result':'blocked','reason':'R','unblock':{'manager':{'title':'T','request':'Q'}}}",
            new WorkResult.Blocked("R", new UnblockCondition.ByManager("T", "Q"))),
        Arguments.of("{'result':'blocked','reason':'R','unblock':{'self':'A'}}",
            new WorkResult.Blocked("R", new UnblockCondition.BySelf("A"))),
        Arguments.of("{'result':'later','reason':'R','at':'2026-01-31T08:00:00Z'}",
            new WorkResult.Later(Instant.parse("2026-01-31T08:00:00Z"), "R")),
        Arguments.of("{'result':'request_changes','comment':'C'}", new WorkResult.ChangesRequested("C")),
        Arguments.of("{'result':'reply','text':'T'}", new WorkResult.Reply("T")),
        Arguments.of("{'result':'nothing'}", new WorkResult.Nothing()),
        Arguments.of("{'result':'done','summary':'S','delegations':[{'title':'T','description':'D','assignee':'pia',"
            + "'priority':'high'},{'title':'U','assignee':'" + ID + "'}]}",
            new WorkResult.Done("S", List.of(
                new Delegation("T", Optional.of("D"), Optional.of(FakeWorkContext.REPORT.id()),
                    Optional.of(Priority.HIGH)),
                new Delegation("U", Optional.empty(), Optional.of(AgentId.of(ID)), Optional.empty())))));
  }

  @ParameterizedTest
  @MethodSource("results")
  void each_result_is_read(String json, WorkResult expected) {
    assertThat(read(json)).isEqualTo(expected);
  }

  @Test
  void later_in_a_duration_counts_from_now() {
    assertThat(read("{'result':'later','reason':'R','in':'PT1H'}")).isInstanceOfSatisfying(WorkResult.Later.class,
        later -> assertThat(later.at()).isBetween(Instant.now().plusSeconds(3_500), Instant.now().plusSeconds(3_700)));
  }

  @Test
  void what_was_used_is_told() {
    read("{'result':'done','summary':'S','usage':[{'provider':'p','model':'m','inputTokens':10,'outputTokens':2,"
        + "'costUsd':0.015}]}");

    assertThat(context.usage).containsExactly(new ProviderUsage("p", "m", 10, 0, 2, new BigDecimal("0.015")));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      ''                                                                       | it is empty
      not json                                                                 | it is not JSON
      {'result':'done','summary':'S'                                           | it ends too early
      {'result':'done','summary':'S'} {}                                       | more after the first value
      []                                                                       | is not a JSON object
      {}                                                                       | needs a text 'result'
      {'result':'finished'}                                                    | 'finished' is not a result: done, request_changes, needs_review
      {'result':'done'}                                                        | needs a text 'summary'
      {'result':'done','summary':7}                                            | needs a text 'summary'
      {'result':'done','summary':' '}                                          | never goes without a word
      {'result':'done','summary':'S','sumary':'T'}                             | unknown fields: sumary (known here:
      {'result':'done','summary':'S','delegations':{}}                         | needs a list 'delegations'
      {'result':'done','summary':'S','delegations':[{}]}                       | 'delegations' needs a text 'title'
      {'result':'done','summary':'S','delegations':[{'title':'T','assignee':'Bob'}]} | no report named 'Bob'; the reports are: Pia
      {'result':'done','summary':'S','usage':[{'provider':'p','model':'m','inputTokens':-1}]} | usage counts from 0 up
      {'result':'needs_review','summary':'S'}                                  | 'review' is not a JSON object
      {'result':'needs_review','summary':'S','review':{}}                      | needs one of card, approval, person
      {'result':'needs_review','summary':'S','review':{'person':'u','card':{}}} | prompt
      {'result':'needs_review','summary':'S','review':{'approval':{'title':'T','summary':'A','then':'closed'}}} | needs one of then: close, then: continue
      {'result':'blocked','reason':'R','unblock':{}}                           | needs one of issues, subtasks, question, manager, self
      {'result':'blocked','reason':'R','unblock':{'subtasks':true}}            | there are no delegations
      {'result':'blocked','reason':'R','unblock':{'subtasks':false}}           | needs one of subtasks: true
      {'result':'blocked','reason':'R','unblock':{'subtasks':'yes'}}           | needs true or false for 'subtasks'
      {'result':'blocked','reason':'R','unblock':{'issues':['EX-1']}}          | issue id is not a UUID
      {'result':'blocked','reason':'R','unblock':{'issues':[]}}                | none is named
      {'result':'later','reason':'R'}                                          | needs a text 'at'
      {'result':'later','reason':'R','in':'one hour'}                          | a duration such as PT1H
      {'result':'later','reason':'R','at':'tomorrow'}                          | a time such as 2026-01-31T08:00:00Z
      {'result':'reply','text':'T','delegations':[{'title':'T'}]}              | a reply has no delegations
      {'result':'request_changes'}                                             | needs a text 'comment'
      {'result':'request_changes','comment':'C','delegations':[{'title':'T'}]} | a request_changes has no delegations
      """)
  void a_wrong_one_says_what_is_wrong_and_is_quoted(String json, String words) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(CommandFailedException.class)
        .hasMessageStartingWith("the command's result file can't be used: ")
        .hasMessageContaining(words)
        .hasMessageEndingWith("```\n" + json.replace('\'', '"') + "\n```")
        .message().doesNotContain("[Source:");
  }

  @Test
  void a_long_one_is_quoted_in_part() {
    assertThatThrownBy(() -> read("{'result':'done','summary':'" + "word ".repeat(1_000) + "'"))
        .message().hasSizeLessThan(1_300).endsWith("word...\n```");
  }

  @Test
  void a_huge_one_is_not_read(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("result.json"), "x".repeat(5_000_000));

    assertThatThrownBy(() -> ResultFileReader.read(file, context))
        .isInstanceOf(CommandFailedException.class).hasMessageContaining("larger than 4194304 bytes");
  }
}
