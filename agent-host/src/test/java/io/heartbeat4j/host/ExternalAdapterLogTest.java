package io.heartbeat4j.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.embedded.InProcessWake;
import io.heartbeat4j.worker.WorkResult;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log of a run, as its reader gets it. */
class ExternalAdapterLogTest {

  private static final String LINE = "x".repeat(90);

  @TempDir
  Path directory;
  private AdapterScene host;

  @BeforeEach
  void open() {
    host = new AdapterScene(directory);
  }

  @AfterEach
  void close() {
    host.close();
  }

  private InProcessWake wake() {
    host.scene.createAssignedIssue("Loud", host.adapter.addAgent("Wren"));
    InProcessWake wake = host.adapter.nextWake();
    assertThat(host.adapter.start(wake).status()).isEqualTo(202);
    return wake;
  }

  private static void count(io.heartbeat4j.worker.WorkContext context, int from, int to) {
    for (int i = from; i < to; i++) {
      context.run().reportProgress(i + " " + LINE);
    }
  }

  /** The numbers that {@link #count} has put into the text. */
  private static List<Integer> numbers(AdapterClient.Stream... streams) {
    StringBuilder text = new StringBuilder();
    for (AdapterClient.Stream stream : streams) {
      text.append(stream.text());
    }
    return text.toString().lines().filter(line -> line.endsWith(LINE))
        .map(line -> Integer.valueOf(line.substring(0, line.indexOf(' ')))).toList();
  }

  private static List<Integer> upTo(int end) {
    return java.util.stream.IntStream.range(0, end).boxed().toList();
  }

  @Test
  void ten_megabytes_arrive_whole_and_in_order() {
    host.start((context, settings) -> {
      count(context, 0, 110_000);
      return new WorkResult.Done("Done.");
    });
    InProcessWake wake = wake();

    AdapterClient.Stream stream = host.adapter.follow(wake, null);

    assertThat(stream.awaitEnd().getString("phase")).isEqualTo("completed");
    assertThat(stream.text().length()).isGreaterThan(10_000_000);
    assertThat(numbers(stream)).isEqualTo(upTo(110_000));
  }

  @Test
  void a_reader_that_reads_nothing_for_a_time_stops_no_work_and_gets_everything_later() {
    CountDownLatch followed = new CountDownLatch(1);
    host.start((context, settings) -> {
      followed.await();
      count(context, 0, 50_000);
      return new WorkResult.Done("Done.");
    });
    InProcessWake wake = wake();
    AdapterClient.Stream stream = host.adapter.follow(wake, null);
    stream.pause();
    followed.countDown();
    HostFixture.waitUntil("the run has ended", () -> host.adapter.start(wake).body().containsKey("result"));

    stream.resume();

    stream.awaitEnd();
    assertThat(numbers(stream)).isEqualTo(upTo(50_000));
  }

  @Test
  void a_reader_whose_connection_is_cut_goes_on_after_its_last_event() {
    CountDownLatch go = new CountDownLatch(1);
    host.start((context, settings) -> {
      count(context, 0, 1_000);
      go.await();
      count(context, 1_000, 2_000);
      return new WorkResult.Done("Done.");
    });
    InProcessWake wake = wake();
    AdapterClient.Stream first = host.adapter.follow(wake, null);
    first.awaitText("999 " + LINE);
    first.cut();
    first.awaitClosed();

    AdapterClient.Stream second = host.adapter.follow(wake, first.events().getLast().id());
    go.countDown();

    second.awaitEnd();
    assertThat(numbers(first, second)).isEqualTo(upTo(2_000));
  }

  @Test
  void a_reader_that_comes_late_or_again_reads_from_the_start() {
    host.start((context, settings) -> {
      count(context, 0, 100);
      return new WorkResult.Done("Done.");
    });
    InProcessWake wake = wake();
    HostFixture.waitUntil("the run has ended", () -> host.adapter.start(wake).body().containsKey("result"));

    AdapterClient.Stream first = host.adapter.follow(wake, null);
    AdapterClient.Stream second = host.adapter.follow(wake, "999999999");

    assertThat(first.awaitEnd()).isEqualTo(second.awaitEnd());
    assertThat(first.text()).isEqualTo(second.text());
    assertThat(numbers(first)).isEqualTo(upTo(100));
  }

  @Test
  void a_long_line_comes_in_pieces_and_steps_warnings_and_the_workers_words_have_streams_of_their_own() {
    String longLine = "\u00e4\ud83d\ude00\u0001\"".repeat(20_000);
    host.start((context, settings) -> {
      context.run().reportProgress(longLine);
      throw new IllegalStateException("the disk is on fire");
    });
    InProcessWake wake = wake();

    AdapterClient.Stream stream = host.adapter.follow(wake, null);

    stream.awaitEnd();
    assertThat(text(stream, "stdout")).isEqualTo(longLine + "\n");
    assertThat(text(stream, "system")).contains("5 Checkout");
    assertThat(text(stream, "stderr")).contains("7 Do the Work", "the disk is on fire");
  }

  private static String text(AdapterClient.Stream stream, String name) {
    StringBuilder text = new StringBuilder();
    stream.events().stream().filter(event -> name.equals(event.data().getString("stream")))
        .forEach(event -> text.append(event.data().getString("text")));
    return text.toString();
  }
}
