package io.heartbeat4j.testkit;

import static io.heartbeat4j.testkit.HeartbeatAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.heartbeat4j.heartbeat.work.WorkLimits;
import io.heartbeat4j.plugin.SettingSchema;
import io.heartbeat4j.plugin.SettingsReader;
import io.heartbeat4j.plugin.WorkerRegistry;
import io.heartbeat4j.worker.SettingsException;
import io.heartbeat4j.worker.WorkerFactory;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every worker has to keep to, to be extended by a test of each. The author gives the factory, and settings with
 * which the worker does each {@linkplain Work kind of work}; what a worker never does is skipped.
 */
@HeartbeatTest
public abstract class WorkerContractTest {

  /** The file by which {@link Work#TAKES_TIME} says that it has begun. */
  public static final String STARTED = "started";

  private static final int ISSUES = 12;
  private static final Duration GRACE = Duration.ofSeconds(10);

  /** The odd values that each setting is given. */
  private static final List<String> ODD_VALUES = List.of("", " ", "-1", "0", "\0", "x", "x".repeat(10_000), "$", "[",
      "{");

  /** A kind of work. */
  public enum Work {
    /** Ends as done. */
    ENDS,
    /** Ends as blocked. */
    BLOCKS,
    /** Reports progress, makes the file {@link #STARTED} in the workspace, and then goes on for at least a minute. */
    TAKES_TIME,
    /** Makes subtasks; the agent has a report named Wren. */
    DELEGATES
  }

  /** A new factory of the worker. */
  protected abstract WorkerFactory<?> factory();

  /** The settings with which the worker does such work, as an operator writes them; empty where it never does. */
  protected abstract Optional<Map<String, Object>> settings(Work work, TestCompany company) throws Exception;

  private void use(TestCompany company, Work work, WorkLimits limits) throws Exception {
    Optional<Map<String, Object>> settings = settings(work, company);
    assumeTrue(settings.isPresent(), () -> "the worker does no work that " + work);
    company.useWorker(factory(), settings.get(), limits);
  }

  private void use(TestCompany company, Work work) throws Exception {
    use(company, work, TestCompany.DEFAULT_LIMITS);
  }

  @Test
  void many_issues_are_worked_at_once_and_none_gets_what_belongs_to_another(TestCompany company) throws Exception {
    use(company, Work.ENDS);
    List<String> titles = IntStream.range(0, ISSUES).mapToObj(i -> "Issue <" + i + "> of many").toList();
    List<TestIssue> issues = titles.stream().map(company::issue).toList();
    issues.forEach(TestIssue::assign);
    for (int i = 0; i < ISSUES; i++) {
      TestIssue issue = issues.get(i).awaitHeartbeat();
      String own = titles.get(i);
      assertThat(issue).isDone();
      assertThat(String.join("\n", issue.comments()))
          .doesNotContain(titles.stream().filter(title -> !title.equals(own)).toList());
    }
  }

  @Test
  void work_that_can_not_go_on_leaves_a_comment_and_a_way_on(TestCompany company) throws Exception {
    use(company, Work.BLOCKS);
    TestIssue issue = company.issue("What can not be done").isWorked();
    assertThat(issue).isBlocked();
    assertThat(issue.comments()).isNotEmpty();
    assertThat(issue.cards().size() + issue.issue().blockedBy().size()).as("a card or a blocker").isPositive();
  }

  @Test
  void work_that_is_asked_to_stop_ends_within_the_grace_period(TestCompany company) throws Exception {
    RunningWork work = start(company, company.issue("A long work"));
    work.cancel();
    assertThat(work.awaitEnd()).as("the worker returns after it was asked to stop").isTrue();
    assertThat(work.isInterruptedByRuntime())
        .as("the worker had to be interrupted %s after it was asked to stop: watch context.run().cancellation()", GRACE)
        .isFalse();
  }

  @Test
  void an_interruption_ends_the_work_and_is_not_swallowed(TestCompany company) throws Exception {
    TestIssue issue = company.issue("A long work");
    RunningWork work = start(company, issue);
    work.interrupt();
    assertThat(work.awaitEnd()).as("the worker returns after its thread was interrupted").isTrue();
    boolean thrown = issue.awaitHeartbeat().toString().contains("The worker was interrupted.");
    assertThat(thrown || work.isInterruptedAtEnd())
        .as("the worker throws InterruptedException, or leaves the thread interrupted, but:\n%s", issue).isTrue();
  }

  @Test
  void work_that_takes_time_reports_progress(TestCompany company) throws Exception {
    TestIssue issue = company.issue("A long work");
    start(company, issue).cancel();
    assertThat(issue.awaitHeartbeat().progress()).as("lines of context.run().reportProgress(...)").isNotEmpty();
  }

  private RunningWork start(TestCompany company, TestIssue issue) throws Exception {
    use(company, Work.TAKES_TIME, new WorkLimits(Duration.ofMinutes(1), Duration.ZERO, GRACE));
    issue.assign();
    long deadline = System.nanoTime() + TestCompany.TIMEOUT.toNanos();
    while (!company.workspace().has(STARTED)) {
      if (System.nanoTime() > deadline) {
        fail("the work has not made the file '%s' in the workspace:\n%s", STARTED, issue);
      }
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
    return issue.runningWork();
  }

  @Test
  void the_same_work_makes_the_same_subtasks() throws Exception {
    List<String> first = delegate();
    assertThat(first).isNotEmpty();
    assertThat(delegate()).as("subtasks are found again by their order and title").isEqualTo(first);
  }

  private List<String> delegate() throws Exception {
    try (TestCompany company = TestCompany.start()) {
      company.addReport("Wren");
      use(company, Work.DELEGATES);
      return company.issue("The whole", "in parts").isWorked().subtasks().stream()
          .map(part -> part.identifier() + " " + part.title() + ": " + part.description()).toList();
    }
  }

  @Test
  void a_setting_that_can_not_be_used_is_named(TestCompany company) throws Exception {
    WorkerFactory<?> factory = factory();
    SettingsReader usable = new SettingsReader(settings(Work.ENDS, company).orElseThrow(), System.getenv(), "settings",
        secret -> {});
    usable.createWorker(factory).close();
    List<String> problems = new ArrayList<>();
    for (String key : SettingSchema.of(factory.settingsType()).keySet()) {
      for (String value : ODD_VALUES) {
        try {
          usable.withOverrides(Map.of(key, value)).createWorker(factory).close();
        } catch (SettingsException wrong) {
          if (!String.valueOf(wrong.getMessage()).contains(key.substring(key.lastIndexOf('.') + 1))) {
            problems.add(key + "='" + shortened(value) + "': not named in: " + wrong.getMessage());
          }
        } catch (RuntimeException other) {
          problems.add(key + "='" + shortened(value) + "': " + other);
        }
      }
    }
    assertThat(problems).as("a setting that can't be used is a SettingsException that names it").isEmpty();
  }

  private static String shortened(String value) {
    return value.length() > 20 ? value.substring(0, 20) + "..." : value.replace("\0", "\\0");
  }

  @Test
  void no_thread_process_or_open_file_is_left_when_the_worker_is_closed() throws Exception {
    workAndClose(); // what is made once for all workers is none of one's own
    LiveResources before = LiveResources.now();
    workAndClose();
    assertThat(before.awaitNothingMore()).as("left behind by the worker").isEmpty();
  }

  private void workAndClose() throws Exception {
    try (TestCompany company = TestCompany.start()) {
      use(company, Work.ENDS);
      assertThat(company.issue("A short work").isWorked()).isDone();
    }
    try (TestCompany company = TestCompany.start()) {
      if (settings(Work.TAKES_TIME, company).isPresent()) {
        RunningWork work = start(company, company.issue("A long work"));
        work.cancel();
        assertThat(work.awaitEnd()).isTrue();
      }
    }
  }

  @Test
  void the_class_loader_of_a_closed_worker_is_collected(TestCompany company, @TempDir Path directory) throws Exception {
    WeakReference<ClassLoader> loader = workInLoader(company, directory);
    long deadline = System.nanoTime() + TestCompany.TIMEOUT.toNanos();
    while (loader.get() != null && System.nanoTime() < deadline) {
      System.gc();
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
    assertThat(loader.get())
        .as("the class loader of the closed worker: a thread, a shutdown hook or a static of the JDK"
            + " still refers to one of its classes")
        .isNull();
  }

  private WeakReference<ClassLoader> workInLoader(TestCompany company, Path directory) throws Exception {
    Map<String, Object> settings = settings(Work.ENDS, company).orElseThrow();
    String name = factory().name();
    try (WorkerRegistry registry = PluginCopy.registry(directory, name)) {
      WeakReference<ClassLoader> loader = PluginCopy.loader(registry, name);
      company.useWorker(registry.create(name, new SettingsReader(settings, System.getenv(), "settings", secret -> {})));
      assertThat(company.issue("A work in a plugin").isWorked()).isDone();
      company.retireWorkers();
      return loader;
    }
  }
}
