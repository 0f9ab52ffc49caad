package io.heartbeat4j.cli;

import io.heartbeat4j.plugin.SettingDescription;
import io.heartbeat4j.plugin.WorkerRegistry;
import io.heartbeat4j.redaction.Redactor;
import io.heartbeat4j.worker.CheckResult;
import io.heartbeat4j.worker.Worker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code heartbeat workers}. */
@Command(name = "workers", description = {
    "Lists the worker plugins and their settings, or checks one of them.",
    "",
    "Choose a worker with worker.name in the file of --config, or with HEARTBEAT_WORKER. Its settings are under"
        + " worker.settings, or in HEARTBEAT_WORKER_<SETTING>.",
    ""
}, exitCodeListHeading = "%nExit codes:%n", exitCodeList = {" 0:every plugin can be used", "78:a plugin can't be used, or a check failed"})
final class WorkersCommand implements Callable<Integer> {

  @ParentCommand
  private @Nullable HeartbeatCommand parent;

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "the worker to check; by default the configured one")
  private Optional<String> name = Optional.empty();

  @Option(names = "--check", description = "creates the worker with its settings, and lets it check what it needs, such as its program and login")
  private boolean check;

  @Option(names = "--config", paramLabel = "FILE", description = "for --check: the configuration file of 'heartbeat run'")
  private @Nullable Path config;

  @Override
  public Integer call() throws Exception {
    return check ? check() : list();
  }

  private int check() throws Exception {
    Map<String, String> environment = new HashMap<>(Objects.requireNonNull(parent).environment());
    name.ifPresent(chosen -> environment.put("HEARTBEAT_WORKER", chosen));
    Redactor redactor = Redactor.of(List.of());
    RunConfiguration configuration = RunConfiguration.read(
        Optional.ofNullable(config).or(() -> RunOptions.fromEnvironment(environment).config()), environment, redactor);
    try (Worker worker = configuration.worker().worker()) {
      List<CheckResult> results = new ArrayList<>(List.of(CheckResult.passed("worker", "its settings can be used")));
      results.addAll(worker.check());
      results.forEach(result -> System.out.println(redactor.redact(describe(result))));
      return (results.stream().allMatch(CheckResult::isPassed) ? ExitCode.OK : ExitCode.CONFIGURATION).code();
    }
  }

  /** As {@code heartbeat doctor} writes it too. */
  static String describe(CheckResult result) {
    return (result.isPassed() ? "ok    " : "FAIL  ") + result.what() + ": " + result.words()
        + result.remedy().map(remedy -> "\n      -> " + remedy).orElse("");
  }

  private int list() throws IOException {
    boolean broken = false;
    Path plugins = RunConfiguration.pluginsDirectory(Objects.requireNonNull(parent).environment());
    try (WorkerRegistry workerRegistry = new WorkerRegistry(plugins, Main.class.getClassLoader())) {
      List<WorkerRegistry.DiscoveryResult> all = workerRegistry.discoverAll();
      for (WorkerRegistry.DiscoveryResult discoveryResult : all) {
        switch (discoveryResult) {
          case WorkerRegistry.DiscoveryResult.Usable usable -> print(usable);
          case WorkerRegistry.DiscoveryResult.Broken unusable -> {
            System.out.println("NOT USABLE: " + unusable.problem() + "  [" + unusable.place() + "]");
            broken = true;
          }
        }
      }
      if (all.isEmpty()) {
        System.out.println("no workers: install a plugin with 'heartbeat plugin install FILE', which puts it into " + plugins);
      }
    }
    return broken ? ExitCode.CONFIGURATION.code() : ExitCode.OK.code();
  }

  private static void print(WorkerRegistry.DiscoveryResult.Usable usable) {
    System.out.println(usable.factory().name() + ": " + usable.factory().description() + "  [" + usable.place() + "]");
    List<SettingDescription> settings = SettingDescription.of(usable.factory().settingsType());
    int width = settings.stream().mapToInt(setting -> setting.key().length()).max().orElse(0);
    for (SettingDescription setting : settings) {
      String standard = setting.required() ? "; required"
          : setting.defaultValue().map(value -> "; default " + value).orElse("");
      System.out.println("    " + setting.key() + " ".repeat(width - setting.key().length() + 2)
          + (setting.description().isEmpty() ? "" : setting.description() + " ") + "(" + setting.typeInWords()
          + standard
          + ")");
    }
  }
}
