package io.heartbeat4j.redaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What {@code benchmarks/redaction} runs: the characters of a build's log that are redacted in a second. */
class RedactorBenchmark {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int TEXT_LENGTH = 1 << 20;
  private static final int PIECE = 8_192;
  private static final long SECONDS = Long.getLong("redaction.seconds", 3);

  @Test
  void text_that_comes_in_pieces_of_a_pipe() {
    Random random = new Random(4);
    for (int secrets : new int[]{2, 1_000, 20_000}) {
      Redactor redactor = Redactor.of(secrets(secrets, random));
      String log = log(random);
      measure(redactor, log); // warms up
      double most = 0;
      for (int round = 0; round < 3; round++) {
        most = Math.max(most, measure(redactor, log));
      }
      System.out.printf(Locale.ROOT, "redaction with %d secrets: %.0f MB/s%n", secrets, most / 1e6);
    }
  }

  /** Characters in a second of this thread's CPU time: other work on the machine does not count. */
  private static double measure(Redactor redactor, String log) {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    long began = THREADS.getCurrentThreadCpuTime();
    long characters = 0;
    while (System.nanoTime() < until) {
      StreamRedactor stream = redactor.stream();
      int shown = 0;
      for (int at = 0; at < log.length(); at += PIECE) {
        shown += stream.append(log.substring(at, Math.min(log.length(), at + PIECE))).length();
      }
      shown += stream.end().length();
      assertThat(shown).isEqualTo(log.length());
      characters += log.length();
    }
    return characters * 1e9 / (THREADS.getCurrentThreadCpuTime() - began);
  }

  private static List<String> secrets(int count, Random random) {
    List<String> secrets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      StringBuilder secret = new StringBuilder(i % 2 == 0 ? "pcp_" : "");
      random.ints(40, 0, 62).mapToObj(
          "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"::charAt).forEach(secret::append);
      secrets.add(secret.toString());
    }
    return secrets;
  }

  private static String log(Random random) {
    List<String> words = List.of("[INFO]", "Compiling", "133", "source", "files", "with", "javac", "to",
        "target/classes",
        "Tests", "run:", "12,", "Failures:", "0,", "Time", "elapsed:", "0.231", "s", "--", "in",
        "io.heartbeat4j.HostTest",
        "at", "java.base/java.lang.Thread.run(Thread.java:1583)", "warning:", "[deprecation]", "the", "server",
        "answered");
    StringBuilder log = new StringBuilder();
    while (log.length() < TEXT_LENGTH) {
      log.append(words.get(random.nextInt(words.size()))).append(random.nextInt(12) == 0 ? '\n' : ' ');
    }
    return log.toString();
  }
}
