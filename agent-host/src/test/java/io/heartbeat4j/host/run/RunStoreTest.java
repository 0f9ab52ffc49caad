package io.heartbeat4j.host.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.protocol.RunId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The runs on disk, also where that fails. */
class RunStoreTest {

  private static final Instant AT = Instant.parse("2026-01-01T10:00:00Z");

  @TempDir
  Path directory;
  private final Vertx vertx = Vertx.vertx();

  @BeforeEach
  void prepare() {
    FullDisk.register();
  }

  @AfterEach
  void close() {
    FullDisk.isFull.set(false);
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private RunStore open() {
    return new RunStore(vertx, Clock.systemUTC(), directory, RunFile.open(directory, FullDisk.SCHEME));
  }

  private static StoredRun accepted() {
    return new StoredRun(RunId.of(UUID.randomUUID().toString()), "wren", null, WakeChannel.GATEWAY, AT, null);
  }

  private static StoredRun over(StoredRun run) {
    return new StoredRun(run.run(), run.agent(), run.issue(), run.way(), run.acceptedAt(),
        RunResult.idle(Instant.now()));
  }

  /** On the host's loop, as the store is used. */
  private <T> T on(Callable<Future<T>> call) throws Exception {
    return Future.<T>future(end -> vertx.getOrCreateContext().runOnContext(go -> {
      try {
        call.call().onComplete(end);
      } catch (Exception failed) {
        end.fail(failed);
      }
    })).toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private void put(RunStore store, StoredRun run) throws Exception {
    on(() -> store.put(run));
  }

  private Optional<StoredRun> find(RunStore store, StoredRun run) throws Exception {
    return on(() -> store.find(run.run()));
  }

  @Test
  void what_was_put_is_found_by_the_next_host_and_what_is_over_is_not_unfinished() throws Exception {
    StoredRun open = accepted();
    StoredRun over = over(accepted());
    RunStore first = open();
    put(first, open);
    put(first, over);
    on(first::close);

    RunStore next = open();

    assertThat(find(next, over)).contains(over);
    assertThat(on(next::unfinished)).containsExactly(open);
    on(next::close);
  }

  @Test
  void on_a_full_disk_runs_go_on_in_memory_and_are_written_once_there_is_room_again() throws Exception {
    StoredRun before = accepted();
    StoredRun during = accepted();
    StoredRun after = accepted();
    RunStore store = open();
    put(store, before);

    FullDisk.isFull.set(true);
    put(store, during);
    put(store, over(before));

    assertThat(store.unsaved()).isEqualTo(2);
    assertThat(find(store, during)).contains(during);
    assertThat(find(store, before)).map(StoredRun::ending).isPresent();

    FullDisk.isFull.set(false);
    put(store, after);

    assertThat(store.unsaved()).isZero();
    on(store::close);
    RunStore next = open();
    assertThat(find(next, before)).map(StoredRun::ending).isPresent();
    assertThat(on(next::unfinished)).containsExactlyInAnyOrder(during, after);
    on(next::close);
  }

  @Test
  void they_are_written_also_if_nothing_else_comes() throws Exception {
    StoredRun during = accepted();
    RunStore store = open();
    FullDisk.isFull.set(true);
    put(store, during);
    assertThat(store.unsaved()).isEqualTo(1);

    FullDisk.isFull.set(false);
    on(() -> Future.<Void>future(end -> vertx.setPeriodic(20, look -> {
      if (store.unsaved() == 0) {
        vertx.cancelTimer(look);
        end.complete();
      }
    })));

    assertThat(find(store, during)).contains(during);
    on(store::close);
  }

  @Test
  void what_was_written_before_is_found_while_the_disk_is_full() throws Exception {
    StoredRun before = over(accepted());
    RunStore store = open();
    put(store, before);
    FullDisk.isFull.set(true);
    put(store, accepted());

    assertThat(find(store, before)).contains(before);
    on(store::close);
  }
}
