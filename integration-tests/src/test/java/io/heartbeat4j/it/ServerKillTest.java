package io.heartbeat4j.it;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A server of its own is killed once, while an agent stands at each step of a heartbeat, and started again; then each
 * agent is given another issue. docs/faults.md has a row for each.
 */
class ServerKillTest {

  @TempDir static Path directory;
  private static Path server;
  private static final Map<Point, HoldingProxy> proxies = new EnumMap<>(Point.class);
  private static final Map<Point, Subject> subjects = new EnumMap<>(Point.class);

  @BeforeAll
  static void kill() throws IOException {
    Distribution distribution = new Distribution(directory);
    server = java.nio.file.Files.createTempDirectory("paperclip-killed-");
    String url = RealPaperclip.script("start", server.toString()).strip();
    for (Point point : Point.values()) {
      HoldingProxy proxy = point.proxy(url);
      proxies.put(point, proxy);
      subjects.put(point, Subject.behind(proxy, "Server" + point, distribution, url));
    }
    proxies.values().forEach(HoldingProxy::awaitHeld);
    for (HoldingProxy proxy : proxies.values()) {
      proxy.refuse();
    }
    RealPaperclip.script("kill", server.toString());
    proxies.values().forEach(HoldingProxy::cut);
    RealPaperclip.script("restart", server.toString());
    for (HoldingProxy proxy : proxies.values()) {
      proxy.accept();
    }
    subjects.values().forEach(Subject::awaitEnd);
    subjects.forEach((point, subject) -> System.err.println("SERVER " + point + "\n" + subject.logs() + subject.board.read(subject.issue).path("executionBlocker") + subject.comments()));
    subjects.values().forEach(Subject::worksOnAnother);
    subjects.forEach((point, subject) -> System.err.println("AFTER " + point + "\n" + subject.logs() + subject.board.read(subject.issue).path("executionBlocker") + subject.comments()));
  }

  @AfterAll
  static void remove() throws IOException {
    for (HoldingProxy proxy : proxies.values()) {
      proxy.close();
    }
    RealPaperclip.script("clean", server.toString());
  }

  @ParameterizedTest
  @EnumSource
  void an_issue_whose_server_was_killed_is_done_once(Point point) throws IOException {
    subjects.get(point).isDoneOnce();
  }
}
