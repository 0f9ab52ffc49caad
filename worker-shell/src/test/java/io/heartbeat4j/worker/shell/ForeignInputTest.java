package io.heartbeat4j.worker.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.worker.WorkResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Whatever a command writes gives a result, or a failure that says what is wrong with it. */
class ForeignInputTest {

  private static final List<String> JSON = List.of("{", "}", "[", "]", ":", ",", "\"", "\\", "null", "true", "0",
      "-1e999",
      "1e-400", "{}", "[]", "\"\\ud800\"", "\u0000", "\ud83d", "\"a\":", "[".repeat(3_000), "9".repeat(2_000), " ",
      "\n");
  private static final List<String> RESULTS = List.of("{\"result\":", "\"done\"", "\"later\"", "\"blocked\"",
      "\"needs_review\"", "\"nothing\"", ",\"summary\":\"s\"", ",\"reason\":\"r\"", ",\"in\":\"PT1H\"",
      ",\"in\":\"P106751991167300D\"", ",\"at\":\"+1000000000-12-31T23:59:59Z\"", ",\"at\":\"now\"",
      ",\"unblock\":{\"self\":\"s\"}",
      ",\"unblock\":{\"question\":{\"prompt\":\"p\"}}", ",\"review\":{\"card\":{\"prompt\":\"p\"}}",
      ",\"delegations\":[{\"title\":\"t\"}]",
      ",\"usage\":[{\"provider\":\"p\",\"model\":\"m\",\"costUsd\":1}]",
      ",\"usage\":[{\"inputTokens\":99999999999999999999}]", "}");
  private static final List<String> EVENTS = List.of("{\"type\":\"result\"", "{\"type\":\"assistant\"",
      "{\"type\":\"item.completed\"", "{\"type\":\"turn.completed\"", "{\"type\":\"turn.failed\"",
      "{\"type\":\"thread.started\"",
      ",\"message\":{\"content\":[{\"type\":\"text\",\"text\":\"t\"}]}",
      ",\"item\":{\"type\":\"agent_message\",\"text\":\"t\"}",
      ",\"usage\":{\"input_tokens\":1e300}", ",\"is_error\":true", ",\"result\":\"{\\\"result\\\":\\\"done\\\"}\"",
      ",\"session_id\":\"s\"", ",\"thread_id\":7", ",\"modelUsage\":{\"m\":{\"costUSD\":\"x\"}}", "}", "\n");

  private final FakeWorkContext context;

  ForeignInputTest() throws IOException {
    context = new FakeWorkContext(Files.createTempDirectory("foreign"));
  }

  @Property
  void a_result_file(@ForAll("results") String text) {
    assertTold(() -> Optional.of(ResultFileReader.read(text, context)));
  }

  @Property
  void the_events_of_a_program(@ForAll("events") String text, @ForAll("formats") OutputFormat format)
      throws IOException {
    CliAgentRun run = CliAgentRun.of(format, context).orElseThrow();
    text.lines().forEach(run::acceptLine);

    run.saveSession(run.failed());
    assertTold(run::result);
  }

  @Property
  void the_session_of_an_earlier_run(@ForAll("events") String text) throws IOException {
    Path session = context.workspace().stateDirectory().resolve("session");
    Files.writeString(session, text.replace('\ud83d', '?'));
    try {
      assertThat(CliAgentRun.of(OutputFormat.CODEX, context)).isPresent();
    } finally {
      Files.delete(session);
    }
  }

  private static void assertTold(Supplier<Optional<WorkResult>> reading) {
    try {
      assertThat(reading.get()).isNotNull();
    } catch (CommandFailedException told) {
      assertThat(told).message().isNotBlank();
    }
  }

  @Provide
  Arbitrary<String> results() {
    return soup(RESULTS);
  }

  @Provide
  Arbitrary<String> events() {
    return soup(EVENTS);
  }

  @Provide
  Arbitrary<OutputFormat> formats() {
    return Arbitraries.of(OutputFormat.CLAUDE, OutputFormat.CODEX);
  }

  private static Arbitrary<String> soup(List<String> pieces) {
    return Arbitraries.frequencyOf(Tuple.of(5, Arbitraries.of(pieces)),
        Tuple.of(1, Arbitraries.of(JSON))).list().ofMaxSize(12).map(parts -> String.join("", parts));
  }
}
