package io.heartbeat4j.host.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.protocol.IssueId;
import io.heartbeat4j.protocol.RunId;
import io.heartbeat4j.storage.HostFileStorage;
import io.heartbeat4j.storage.Storage;
import io.heartbeat4j.storage.StorageSession;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Accepted runs in the storage, also where its writes fail. */
class RunStoreTest {

  private static final Instant AT = Instant.parse("2026-01-01T10:00:00Z");

  @TempDir
  Path directory;
  private final Vertx vertx = Vertx.vertx();
  private final Context loop = vertx.getOrCreateContext();
  private volatile boolean full;

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private StorageSession storage() throws IOException {
    return HostFileStorage.open(directory, List.of(RunCoordinator.RUNS_FOLDER),
        Executors.newVirtualThreadPerTaskExecutor(), Clock.systemUTC());
  }

  private RunStore store(Storage storage) {
    return new RunStore(loop, new FillableStorage(storage), directory.toString());
  }

  private static StoredRun accepted() {
    return new StoredRun(RunId.of(UUID.randomUUID().toString()), "wren", null, WakeChannel.GATEWAY, AT, null);
  }

  private static StoredRun over(StoredRun run) {
    return new StoredRun(run.run(), run.agent(), run.issue(), run.way(), run.acceptedAt(),
        RunResult.idle(AT.plusSeconds(1)));
  }

  /** On the host's loop, as the store is used. */
  private <T> T on(Callable<Future<T>> call) throws Exception {
    return Future.<T>future(end -> loop.runOnContext(go -> {
      try {
        call.call().onComplete(end);
      } catch (Exception failed) {
        end.fail(failed);
      }
    })).toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private Optional<StoredRun> find(RunStore store, StoredRun run) throws Exception {
    return on(() -> store.find(run.run()));
  }

  @Test
  void what_was_accepted_is_unfinished_for_the_next_host_and_what_has_ended_is_found() throws Exception {
    StoredRun open = accepted();
    StoredRun ended = accepted();
    StorageSession first = storage();
    RunStore store = store(first);
    assertThat(on(() -> store.accept(open))).isTrue();
    assertThat(on(() -> store.accept(ended))).isTrue();
    on(() -> store.end(over(ended)));
    on(first::close);

    StorageSession second = storage();
    RunStore next = store(second);

    assertThat(find(next, ended)).contains(over(ended));
    assertThat(on(next::claimUnfinished)).containsExactly(open);
    assertThat(on(next::claimUnfinished)).as("claimed by this host").isEmpty();
    on(second::close);
  }

  @Test
  void the_golden_file_is_read_and_written_as_on_the_first_day() throws Exception {
    RunId id = RunId.of("11111111-2222-4333-8444-555555555555");
    StoredRun run = new StoredRun(id, "wren", IssueId.of("11111111-2222-4333-8444-555555555556"), WakeChannel.GATEWAY,
        AT, new RunResult(RunPhase.COMPLETED, "ACM-1 is done", null, 0, 100, 10, 5, new BigDecimal("0.0123"), "claude",
            null, "session-1", AT.plusSeconds(60)));
    String golden = Files.readString(Path.of("src/test/resources/golden/stored-run-1.jsonl"));
    StorageSession storage = storage();
    RunStore store = store(storage);
    on(() -> store.end(run));
    assertThat(on(() -> storage.read("_runs/ended/" + id)).map(json -> new String(json, UTF_8))).contains(golden);

    on(() -> storage.replace("_runs/ended/" + id, golden.getBytes(UTF_8)));
    assertThat(find(store, run)).contains(run);
    on(storage::close);
  }

  @Test
  void a_run_of_another_format_is_set_aside_and_the_others_are_resumed() throws Exception {
    StoredRun run = accepted();
    StorageSession storage = storage();
    on(() -> storage.replace("_runs/open/foreign", "{\"type\":\"stored-run/99\"}\n".getBytes(UTF_8)));
    RunStore first = store(storage);
    on(() -> first.accept(run));
    on(() -> first.release(run.run()));

    assertThat(on(first::claimUnfinished)).containsExactly(run);

    assertThat(on(() -> storage.list("_runs/set-aside"))).containsExactly("_runs/set-aside/foreign");
    assertThat(on(() -> storage.list("_runs/open"))).hasSize(1);
    on(storage::close);
  }

  @Test
  void a_run_is_accepted_once_and_found_by_others_while_it_is_executed() throws Exception {
    StoredRun run = accepted();
    StorageSession shared = storage();
    RunStore one = store(shared);
    RunStore other = store(shared);

    assertThat(on(() -> one.accept(run))).isTrue();
    assertThat(on(() -> other.accept(run))).isFalse();

    assertThat(find(other, run)).contains(run);
    on(shared::close);
  }

  @Test
  void a_run_that_a_host_gives_back_is_anothers() throws Exception {
    StoredRun run = accepted();
    StorageSession shared = storage();
    RunStore one = store(shared);
    RunStore other = store(shared);
    on(() -> one.accept(run));
    assertThat(on(other::claimUnfinished)).isEmpty();

    on(() -> one.release(run.run()));

    assertThat(on(other::claimUnfinished)).containsExactly(run);
    on(shared::close);
  }

  @Test
  void on_a_full_disk_runs_go_on_in_memory_and_are_written_once_there_is_room_again() throws Exception {
    StoredRun before = accepted();
    StoredRun during = accepted();
    StorageSession first = storage();
    RunStore store = store(first);
    on(() -> store.accept(before));

    full = true;
    assertThat(on(() -> store.accept(during))).isTrue();
    on(() -> store.end(over(before)));

    assertThat(store.unsaved()).isEqualTo(2);
    assertThat(find(store, during)).contains(during);
    assertThat(find(store, before)).contains(over(before));

    full = false;
    on(() -> Future.<Void>future(end -> vertx.setPeriodic(20, look -> {
      if (store.unsaved() == 0) {
        vertx.cancelTimer(look);
        end.complete();
      }
    })));
    on(first::close);
    StorageSession second = storage();
    RunStore next = store(second);
    assertThat(find(next, before)).contains(over(before));
    assertThat(on(next::claimUnfinished)).containsExactly(during);
    on(second::close);
  }

  @Test
  void what_was_written_before_is_found_while_the_disk_is_full() throws Exception {
    StoredRun before = accepted();
    StorageSession storage = storage();
    RunStore store = store(storage);
    on(() -> store.accept(before));
    on(() -> store.end(over(before)));
    full = true;
    on(() -> store.accept(accepted()));

    assertThat(find(store, before)).contains(over(before));
    on(storage::close);
  }

  /** The storage of a disk that can be full. */
  private final class FillableStorage implements Storage {

    private final Storage storage;

    FillableStorage(Storage storage) {
      this.storage = storage;
    }

    private Future<Void> write(Callable<Future<Void>> access) {
      try {
        return full ? Future.failedFuture(new IOException("No space left on device")) : access.call();
      } catch (Exception failed) {
        return Future.failedFuture(failed);
      }
    }

    @Override
    public Future<List<String>> list(String folder) {
      return storage.list(folder);
    }

    @Override
    public Future<List<String>> folders(String folder) {
      return storage.folders(folder);
    }

    @Override
    public Future<Optional<byte[]>> read(String name) {
      return storage.read(name);
    }

    @Override
    public Future<Void> replace(String name, byte[] content) {
      return write(() -> storage.replace(name, content));
    }

    @Override
    public Future<Void> append(String name, byte[] bytes) {
      return write(() -> storage.append(name, bytes));
    }

    @Override
    public Future<Optional<Claim>> claim(String name) {
      return storage.claim(name).map(claim -> claim.map(FillableClaim::new));
    }

    @Override
    public Future<List<Claim>> claimAll(String folder) {
      return storage.claimAll(folder).map(claims -> claims.stream().<Claim>map(FillableClaim::new).toList());
    }

    @Override
    public Future<Void> expire(String folder, Duration unchangedFor) {
      return storage.expire(folder, unchangedFor);
    }

    private final class FillableClaim implements Claim {

      private final Claim claim;

      FillableClaim(Claim claim) {
        this.claim = claim;
      }

      @Override
      public String name() {
        return claim.name();
      }

      @Override
      public byte[] content() {
        return claim.content();
      }

      @Override
      public Future<Void> append(byte[] bytes, boolean flush) {
        return write(() -> claim.append(bytes, flush));
      }

      @Override
      public Future<Void> delete() {
        return write(claim::delete);
      }

      @Override
      public Future<Void> moveTo(String name, byte[] content) {
        return write(() -> claim.moveTo(name, content));
      }

      @Override
      public Future<Void> release() {
        return claim.release();
      }
    }
  }
}
