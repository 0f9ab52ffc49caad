package io.heartbeat4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.cli.DistributionProcess.ProcessResult;
import io.heartbeat4j.embedded.EmbeddedPaperclip;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code HEARTBEAT_RESIDENT}: the launcher, the process of a wake and the resident process, as Paperclip's process
 * adapter has them. The work prints the parent of its shell, which is the process that ran the heartbeat.
 */
class ResidentIT {

  private static final String WORK = """
      echo "process=$PPID"
      echo "mark=$MARK directory=$(pwd)"
      [ "$MARK" != long ] || { touch "$GATE"; exec sleep 60; }
      """;

  private final Vertx vertx = Vertx.vertx();
  private final BlockingQueue<ProcessResult> ends = new LinkedBlockingQueue<>();

  @TempDir
  Path directory;

  private EmbeddedPaperclip server;
  private String company;
  private Path home = DistributionProcess.HOME;

  @BeforeEach
  void open() throws IOException {
    server = await(EmbeddedPaperclip.start(vertx));
    company = await(server.board().createCompany("Resident")).path("id").asText();
    Files.writeString(directory.resolve("work.sh"), WORK);
  }

  @AfterEach
  void close() throws IOException {
    resident().ifPresent(ProcessHandle::destroyForcibly);
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }

  private Path place() {
    return directory.resolve("state/resident");
  }

  private Optional<ProcessHandle> resident() throws IOException {
    Path lock = place().resolve("lock");
    return Files.exists(lock) ? ProcessHandle.of(Long.parseLong(Files.readString(lock))) : Optional.empty();
  }

  private ProcessHandle startedResident() throws Exception {
    until(() -> new ResidentDirectory(place()).isListening());
    return resident().orElseThrow();
  }

  private static void until(BooleanSupplier reached) throws InterruptedException {
    long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (!reached.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(limit);
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private static void signal(String name, ProcessHandle process) throws Exception {
    assertThat(new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor()).isZero();
  }

  private String newAgent(String mark, Map<String, String> more) {
    String agent = await(server.board().createAgent(company, "Wren " + mark, Map.of())).path("id").asText();
    server.setWakeHandler(agent, wake -> vertx.executeBlocking(() -> {
      Map<String, String> environment = new HashMap<>(wake.environment());
      environment.putAll(Map.of("PATH", System.getenv("PATH"), "HOME", directory.toString(), "HEARTBEAT_AOT", "off"));
      environment
          .putAll(Map.of("HEARTBEAT_STATE_DIR", directory.resolve("state").toString(), "HEARTBEAT_RESIDENT", "5m",
              "HEARTBEAT_WORKER", "shell",
              "HEARTBEAT_WORKER_COMMAND", "[\"sh\", \"" + directory.resolve("work.sh") + "\"]",
              "HEARTBEAT_WORKER_INHERIT", "[\"MARK\", \"GATE\"]", "MARK", mark,
              "GATE", directory.resolve("gate").toString()));
      environment.putAll(more);
      ProcessResult end = DistributionProcess.run(home.resolve("bin/heartbeat"), environment, "run");
      ends.add(end);
      return end.code();
    }, false));
    return agent;
  }

  /** Lets a new agent work an issue, by one wake. */
  private ProcessResult wake(String mark, Map<String, String> more) throws Exception {
    wakeSoon(mark, more);
    ProcessResult end = ends.poll(120, TimeUnit.SECONDS);
    assertThat(end).isNotNull();
    return end;
  }

  private String wakeSoon(String mark, Map<String, String> more) {
    String agent = newAgent(mark, more);
    return await(server.board().createIssue(company, "Work of " + mark, Map.of(
        "status", "todo", "assigneeAgentId", agent))).path("id").asText();
  }

  private static long process(ProcessResult end) {
    assertThat(end.code()).as("%s%s", end.out(), end.err()).isZero();
    return Long.parseLong(end.out().replaceAll("(?s).*process=(\\d+).*", "$1"));
  }

  @Test
  void the_second_wake_runs_in_the_resident_process_with_a_log_like_the_firsts() throws Exception {
    ProcessResult first = wake("first", Map.of());
    ProcessHandle resident = startedResident();

    Path workspace = Files.createDirectories(directory.resolve("another place"));
    ProcessResult second = wake("second", Map.of("PAPERCLIP_WORKSPACE_CWD", workspace.toString()));

    assertThat(process(first)).isNotEqualTo(resident.pid());
    assertThat(process(second)).isEqualTo(resident.pid());
    assertThat(second.out()).contains("mark=second directory=" + workspace.toRealPath()).doesNotContain("first");
    assertThat(second.out().lines().map(line -> line.split(" ", 2)[0]))
        .isEqualTo(first.out().lines().map(line -> line.split(" ", 2)[0]).toList());
    assertThat(second.err()).isEmpty();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(place()))).isEqualTo("rwx------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(place().resolve("wake.sock"))))
        .isEqualTo("rw-------");
  }

  @Test
  void a_wake_runs_by_itself_when_the_resident_process_is_killed_during_its_work() throws Exception {
    wake("first", Map.of());
    ProcessHandle resident = startedResident();
    Path gate = directory.resolve("gate");
    Files.writeString(directory.resolve("work.sh"), """
        touch %s
        kill -9 $PPID
        """.formatted(gate));

    ProcessResult end = wake("second", Map.of());

    assertThat(gate).exists();
    assertThat(end.code()).as("%s%s", end.out(), end.err()).isZero();
    assertThat(end.out()).as("by the rules for work that was cut off").contains("its work is not repeated");
    assertThat(resident.isAlive()).isFalse();
  }

  @Test
  void a_wake_runs_by_itself_when_the_resident_process_hangs_or_is_of_another_installation() throws Exception {
    wake("first", Map.of());
    ProcessHandle resident = startedResident();

    signal("STOP", resident);
    ProcessResult besideOneThatHangs = wake("second", Map.of());
    signal("CONT", resident);
    home = Files.createSymbolicLink(directory.resolve("another"), DistributionProcess.HOME);
    ProcessResult ofAnother = wake("third", Map.of());

    assertThat(process(besideOneThatHangs)).isNotEqualTo(resident.pid());
    assertThat(process(ofAnother)).isNotEqualTo(resident.pid());
    assertThat(ofAnother.errorLines()).singleElement().asString()
        .contains("the resident process is not used").contains("installation " + DistributionProcess.HOME);
  }

  @Test
  void sigterm_of_the_wakes_process_ends_its_work_and_the_issue_is_settled() throws Exception {
    wake("first", Map.of());
    ProcessHandle resident = startedResident();
    String issue = wakeSoon("long", Map.of());
    until(() -> Files.exists(directory.resolve("gate")));

    for (ProcessHandle child : ProcessHandle.current().children().toList()) {
      if (child.pid() != resident.pid()) {
        signal("TERM", child);
      }
    }
    ProcessResult end = ends.poll(120, TimeUnit.SECONDS);

    assertThat(end).isNotNull();
    assertThat(end.code()).as("%s%s", end.out(), end.err()).isEqualTo(143);
    assertThat(await(server.board().readIssue(issue)).path("status").asText()).isEqualTo("blocked");
    assertThat(process(wake("next", Map.of()))).as("the others' process is unharmed").isEqualTo(resident.pid());
  }

  @Test
  void many_wakes_at_once_keep_their_variables_apart_and_none_is_lost() throws Exception {
    wake("first", Map.of());
    ProcessHandle resident = startedResident();
    List<String> marks = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      marks.add("mark" + i + "x");
      wakeSoon("mark" + i + "x", Map.of());
    }

    for (int i = 0; i < 12; i++) {
      ProcessResult end = ends.poll(120, TimeUnit.SECONDS);
      assertThat(end).isNotNull();
      assertThat(process(end)).isEqualTo(resident.pid());
      assertThat(marks.stream().filter(mark -> end.out().contains("mark=" + mark))).hasSize(1)
          .allSatisfy(mark -> assertThat(marks.remove(mark)).isTrue());
    }
  }

  @Test
  void a_socket_without_a_process_and_a_directory_of_others_cost_nothing_but_a_line() throws Exception {
    Files.createDirectories(place(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    try (var stale = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      stale.bind(UnixDomainSocketAddress.of(place().resolve("wake.sock")));
    }

    assertThat(wake("stale", Map.of()).err()).isEmpty();

    ProcessHandle resident = startedResident();
    resident.destroyForcibly();
    resident.onExit().get(60, TimeUnit.SECONDS);
    Files.setPosixFilePermissions(place(), PosixFilePermissions.fromString("rwxrwxrwx"));
    ProcessResult open = wake("open", Map.of());

    assertThat(open.code()).isZero();
    assertThat(open.errorLines()).singleElement().asString()
        .contains("no resident process was started").contains("other users have access to " + place());
  }

  @Test
  void a_state_directory_that_can_not_be_written_is_one_line_and_the_wake_runs() throws Exception {
    Files.writeString(directory.resolve("state"), "a file");

    ProcessResult end = wake("read-only", Map.of());

    assertThat(end.code()).as(end.err()).isZero();
    assertThat(end.err()).contains("no resident process was started");
  }
}
