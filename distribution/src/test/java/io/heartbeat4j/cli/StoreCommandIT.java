package io.heartbeat4j.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.cli.DistributionProcess.ProcessResult;
import io.heartbeat4j.storage.HostFileStorage;
import io.heartbeat4j.storage.Storage;
import io.heartbeat4j.storage.postgresql.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipped {@code heartbeat store}, with the driver that only it and the host load. */
class StoreCommandIT {

  private static final int RECORDS = 300;

  @TempDir
  Path directory;

  private Map<String, String> environment() {
    return Map.of("PATH", System.getenv("PATH"), "HOME", directory.toString());
  }

  private ProcessResult heartbeat(String... arguments) {
    return DistributionProcess.heartbeat(environment(), arguments);
  }

  @Test
  void an_import_that_is_killed_in_the_middle_is_repeated_and_nothing_is_lost() throws Exception {
    TestDatabase database = TestDatabase.empty();
    Path state = directory.resolve("state");
    Path file = directory.resolve("host.yaml");
    Files.writeString(file, """
        server: http://127.0.0.1:3100
        store: "%s?lease=5s"
        state-dir: %s
        agents:
          wren: {key: "key-of-the-agent-wren", worker: {name: shell, settings: {command: ["true"]}}}
        """.formatted(database.url(), state));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    leaveRecords(state);
    assertThat(heartbeat("store", "migrate", "--config", file.toString()).code()).isZero();
    database.execute("create function heartbeat4j.wait() returns trigger language plpgsql as"
        + " $$ begin perform pg_sleep(60); return new; end $$");
    database.execute("create trigger wait before insert on heartbeat4j.record for each row"
        + " when (new.name = '_runs/ended/250') execute function heartbeat4j.wait()");

    ProcessBuilder builder = new ProcessBuilder(DistributionProcess.HOME.resolve("bin/heartbeat").toString(), "store",
        "import", "--config", file.toString()).inheritIO();
    builder.environment().putAll(environment());
    Process first = builder.start();
    long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(180);
    while (records(database) < 100) {
      assertThat(System.nanoTime()).as("nothing was moved").isLessThan(limit);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    first.destroyForcibly().onExit().join();
    assertThat(records(database)).as("it was killed in the middle").isLessThan(RECORDS);
    database.execute("drop trigger wait on heartbeat4j.record");

    ProcessResult again = heartbeat("store", "import", "--config", file.toString());
    while (again.code() != 0) { // until the lease of the killed one is over
      assertThat(again.errorLines()).singleElement().asString().contains("the store is used by");
      again = heartbeat("store", "import", "--config", file.toString());
    }

    assertThat(database.query("select count(*) from heartbeat4j.record where name like '_runs/ended/%'"
        + " and convert_from(content, 'UTF8') = 'run ' || split_part(name, '/', 3)"))
        .isEqualTo(String.valueOf(RECORDS));
    assertThat(records(database)).isEqualTo(RECORDS);
    assertThat(heartbeat("store", "check", "--config", file.toString()).out()).contains("ended " + RECORDS);
  }

  private static void leaveRecords(Path state) throws IOException {
    HostFileStorage host = HostFileStorage.open(state, List.of("_runs", "journal"), Runnable::run, Clock.systemUTC());
    for (int i = 0; i < RECORDS; i++) {
      Storage.await(host.replace("_runs/ended/" + i, ("run " + i).getBytes(UTF_8)));
    }
    Storage.await(host.close());
  }

  private static int records(TestDatabase database) throws SQLException {
    return Integer.parseInt(database.query("select count(*) from heartbeat4j.record"));
  }
}
