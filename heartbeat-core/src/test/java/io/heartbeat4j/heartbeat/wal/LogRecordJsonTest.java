package io.heartbeat4j.heartbeat.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.heartbeat.outcome.Disposition;
import io.heartbeat4j.heartbeat.outcome.WorkFailure;
import io.heartbeat4j.heartbeat.outcome.WorkOutcome;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.ApprovalId;
import io.heartbeat4j.protocol.Colleague;
import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.IssueStatus;
import io.heartbeat4j.protocol.RunId;
import io.heartbeat4j.protocol.UserId;
import io.heartbeat4j.redaction.Redactor;
import io.heartbeat4j.worker.Delegation;
import io.heartbeat4j.worker.ProviderUsage;
import io.heartbeat4j.worker.Question;
import io.heartbeat4j.worker.ReviewPath;
import io.heartbeat4j.worker.ReviewPath.WhenApproved;
import io.heartbeat4j.worker.UnblockCondition;
import io.heartbeat4j.worker.WorkResult;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a line can hold comes back from the disk as it was. */
class LogRecordJsonTest {

  private static final Instant AT = Instant.parse("2026-01-01T10:00:00Z");
  private static final String ID = "11111111-2222-4333-8444-555555555555";
  private static final IssueId ISSUE = IssueId.of(ID);
  private static final RunId RUN = RunId.of(ID);
  private static final List<Delegation> SUBTASKS = List.of(Delegation.to(AgentId.of(ID), "A part", "All of it."));
  private static final List<ProviderUsage> USAGE = List
      .of(new ProviderUsage("anthropic", "claude", 100, 10, 5, new BigDecimal("0.0123")));
  private static final Question YES_OR_NO = new Question.Confirmation("Try again?", "Let it try?");
  private static final Disposition.BlockedByCard CARD = new Disposition.BlockedByCard("It failed.", YES_OR_NO, "retry");

  private final LogRecordJson json = new LogRecordJson(Redactor.of(List.of()));

  /** A sample of every record that a line can hold, whatever it is a part of. */
  static Stream<Object> samples() {
    return Stream.of(
        new LogRecord.CheckoutRequested(AT, RUN, ISSUE, "ACM-1"),
        new LogRecord.OutcomeDecided(AT, new WorkOutcome.Skipped(CARD)),
        new LogRecord.Sending(AT, "status", "Done."),
        new LogRecord.NotSent(AT, "status"),
        new LogRecord.Confirmed(AT, "status"),
        new WorkOutcome.Skipped(CARD),
        new WorkOutcome.Returned(new WorkResult.Done("Done."), USAGE),
        new WorkOutcome.Failed(new WorkFailure(WorkFailure.Kind.CUT_OFF, "It ended."), USAGE),
        new WorkResult.Done("Done.", SUBTASKS),
        new WorkResult.ChangesRequested("Add a test."),
        new WorkResult.NeedsReview("Look.", new ReviewPath.Card(YES_OR_NO), SUBTASKS),
        new WorkResult.Blocked("Stuck.", new UnblockCondition.BySubtasks(), SUBTASKS),
        new WorkResult.Later(AT, "Not yet.", SUBTASKS),
        new WorkResult.Reply("I know."),
        new WorkResult.Nothing(),
        new ReviewPath.Card(YES_OR_NO),
        new ReviewPath.BoardApproval("Spend it?", "All of it.", WhenApproved.CLOSE),
        new ReviewPath.PendingApproval(ApprovalId.of(ID), WhenApproved.CONTINUE),
        new ReviewPath.Person(new UserId("local-board")),
        new UnblockCondition.ByIssues(List.of(ISSUE)),
        new UnblockCondition.BySubtasks(),
        new UnblockCondition.ByQuestion(YES_OR_NO),
        new UnblockCondition.ByManager("Grant access", "To the database."),
        new UnblockCondition.BySelf("Look again."),
        YES_OR_NO,
        new Question.Choices(Optional.empty(), List.of(
            new Question.Choice("q", "Which?", true, List.of(new Question.Option("a", "The left"))))),
        new Disposition.Close("Done."),
        new Disposition.RequestChanges("Add a test."),
        new Disposition.ReviewByCard("Look.", YES_OR_NO),
        new Disposition.ReviewByBoard("Look.", "Spend it?", "All of it.", WhenApproved.CLOSE),
        new Disposition.ReviewByApproval("Look.", ApprovalId.of(ID), WhenApproved.CONTINUE),
        new Disposition.ReviewAt("Later.", AT),
        new Disposition.HandOver("Yours.", new UserId("local-board")),
        new Disposition.BlockedByIssues("First those.", List.of(ISSUE)),
        new Disposition.BlockedByManager("Stuck.", new Colleague(AgentId.of(ID), "Cora", "ceo", "CEO", null), "Help",
            "Please."),
        CARD,
        new Disposition.WithoutComment(CARD),
        new Disposition.Restore(IssueStatus.BLOCKED, CARD),
        new Disposition.BlockedBySelf("Stuck.", "Look again."),
        new WorkOutcome.Held(new WorkResult.Done("Done.", SUBTASKS), CARD, USAGE),
        new Disposition.BlockedByCard("Too many.", YES_OR_NO, "subtasks", "- A part"));
  }

  private static LogRecord asALine(Object sample) {
    return switch (sample) {
      case LogRecord record -> record;
      case WorkOutcome outcome -> new LogRecord.OutcomeDecided(AT, outcome);
      case WorkResult result -> asALine(new WorkOutcome.Returned(result, USAGE));
      case ReviewPath path -> asALine(new WorkResult.NeedsReview("Look.", path));
      case UnblockCondition unblockCondition -> asALine(new WorkResult.Blocked("Stuck.", unblockCondition, SUBTASKS));
      case Question question -> asALine(new UnblockCondition.ByQuestion(question));
      case Disposition disposition -> asALine(new WorkOutcome.Skipped(disposition));
      default -> throw new IllegalArgumentException("in which line is a " + sample.getClass() + "?");
    };
  }

  @Test
  void every_permitted_record_has_a_sample_here() {
    Set<Class<?>> sampled = samples().map(Object::getClass).collect(Collectors.toSet());

    assertThat(LogRecordTypes.SEALED.stream().flatMap(sealed -> Arrays.stream(sealed.getPermittedSubclasses())))
        .allSatisfy(permitted -> assertThat(sampled).contains(permitted));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void a_line_comes_back_as_it_was(Object sample) throws IOException {
    LogRecord record = asALine(sample);

    byte[] written = json.write(record);

    assertThat(json.read(new String(written, StandardCharsets.UTF_8).strip())).contains(record);
  }

  /** The file is never edited, only added to: what a released version has written, every later one reads. */
  @Test
  void the_golden_file_is_read_and_written_as_on_the_first_day() throws IOException {
    List<String> golden = Files.readAllLines(Path.of("src/test/resources/golden/write-ahead-log-1.jsonl"));
    List<LogRecord> records = samples().map(LogRecordJsonTest::asALine).toList();

    assertThat(golden.stream().map(json::read).flatMap(Optional::stream)).containsExactlyElementsOf(records);
    for (int i = 0; i < records.size(); i++) {
      assertThat(new String(json.write(records.get(i)), StandardCharsets.UTF_8).strip()).isEqualTo(golden.get(i));
    }
  }

  @Test
  void every_persisted_type_has_an_id_of_its_own_that_is_no_class_name() {
    assertThat(LogRecordTypes.IDS.keySet()).containsExactlyInAnyOrderElementsOf(
        LogRecordTypes.SEALED.stream().flatMap(sealed -> Arrays.stream(sealed.getPermittedSubclasses())).toList());
    assertThat(LogRecordTypes.IDS.values()).doesNotHaveDuplicates()
        .allMatch(id -> id.matches("[a-z-]+\\.[a-z-]+/\\d+"));
  }

  @Test
  void a_line_is_one_line_also_where_its_words_are_several() throws IOException {
    String written = new String(json.write(new LogRecord.Sending(AT, "status", "One.\nTwo.\n")),
        StandardCharsets.UTF_8);

    assertThat(written).endsWith("\n");
    assertThat(written.lines()).hasSize(1);
  }

  @Test
  void a_line_that_is_torn_or_from_another_version_counts_as_not_written() throws IOException {
    String whole = new String(json.write(new LogRecord.Confirmed(AT, "status")), StandardCharsets.UTF_8);

    assertThat(json.read(whole.substring(0, whole.length() / 2))).isEmpty();
    assertThat(json.read(whole.replace("record.confirmed/1", "record.confirmed/2"))).isEmpty();
    assertThat(json.read("")).isEmpty();
  }

  @Test
  void secrets_are_masked_on_the_way_to_the_disk() throws IOException {
    Redactor redactor = Redactor.of(List.of("the-secret-of-this-test"));
    LogRecordJson careful = new LogRecordJson(redactor);

    String written = new String(careful.write(asALine(new WorkResult.Done("It is the-secret-of-this-test."))),
        StandardCharsets.UTF_8);

    assertThat(written).contains("It is ").doesNotContain("the-secret-of-this-test");
  }
}
