package io.heartbeat4j.host.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.Worker;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** A worker is closed once, when the last heartbeat has let it go. */
class SharedWorkerTest {

  private final List<CountingWorker> made = new ArrayList<>();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch go = new CountDownLatch(1);
  private final SharedWorker shared = new SharedWorker(() -> {
    CountingWorker next = new CountingWorker();
    made.add(next);
    return next;
  });

  private final class CountingWorker implements Worker {

    private int closed;

    @Override
    public WorkResult perform(WorkContext context) throws InterruptedException {
      begun.countDown();
      go.await();
      assertThat(closed).as("closed while it works").isZero();
      return new WorkResult.Done("Done.");
    }

    @Override
    public void close() {
      closed++;
    }
  }

  /** Nobody asks it anything. */
  private static final WorkContext CONTEXT = (WorkContext) Proxy.newProxyInstance(
      SharedWorkerTest.class.getClassLoader(), new Class<?>[]{WorkContext.class},
      (proxy, method, arguments) -> {
        throw new UnsupportedOperationException(method.getName());
      });

  private CompletableFuture<WorkResult> work() {
    return CompletableFuture.supplyAsync(() -> {
      try {
        return shared.worker().perform(CONTEXT);
      } catch (Exception failed) {
        throw new IllegalStateException(failed);
      }
    });
  }

  private List<Integer> closed() {
    return made.stream().map(each -> each.closed).toList();
  }

  @Test
  void one_that_nobody_works_with_is_closed_at_once_and_only_once() {
    shared.retire();
    shared.retire();

    assertThat(closed()).containsExactly(1);
  }

  @Test
  void one_that_is_at_work_is_closed_when_it_has_returned() throws InterruptedException {
    CompletableFuture<WorkResult> work = work();
    begun.await();
    shared.retire();
    assertThat(closed()).containsExactly(0);

    go.countDown();

    assertThat(work.join()).isEqualTo(new WorkResult.Done("Done."));
    assertThat(closed()).containsExactly(1);
  }

  @Test
  void one_that_goes_on_being_used_is_made_once_and_stays_open() {
    go.countDown();

    work().join();
    work().join();

    assertThat(closed()).containsExactly(0);
  }

  @Test
  void a_heartbeat_that_comes_to_its_work_after_the_reload_gets_one_more_which_is_closed_after_it() {
    go.countDown();
    shared.retire();

    assertThat(work().join()).isEqualTo(new WorkResult.Done("Done."));

    assertThat(closed()).containsExactly(1, 1);
  }
}
