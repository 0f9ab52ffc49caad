package io.heartbeat4j.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heartbeat4j.client.ProtocolJson;
import io.heartbeat4j.plugin.SettingDescription;
import io.heartbeat4j.plugin.WorkerRegistry;
import io.heartbeat4j.redaction.Redactor;
import io.heartbeat4j.worker.CheckResult;
import io.heartbeat4j.worker.Worker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code heartbeat workers}. */
@Command(name = "workers", description = {
    "Lists the worker plugins and their settings, checks one of them, or explains its rules.",
    "",
    "Choose a worker with worker.name in the file of --config, or with HEARTBEAT_WORKER. Its settings are under"
        + " worker.settings, or in HEARTBEAT_WORKER_<SETTING>.",
    ""
}, exitCodeListHeading = "%nExit codes:%n", exitCodeList = {" 0:every plugin can be used",
    "78:a plugin can't be used, or a check failed"})
final class WorkersCommand implements Callable<Integer> {

  @ParentCommand
  private @Nullable HeartbeatCommand parent;

  @Option(names = "--json", description = "prints one JSON object instead of text")
  private boolean json;

  @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "only this worker; for --check and explain by default the configured one")
  private Optional<String> name = Optional.empty();

  @Parameters(index = "1..*", arity = "0..2", paramLabel = "explain COMMAND", description = "says what the worker's rules make of a command line, such as 'git log | head', and which rule would allow it")
  private List<String> question = List.of();

  @Option(names = "--check", description = "creates the worker with its settings, and lets it check what it needs, such as its program and login")
  private boolean check;

  @Option(names = "--config", paramLabel = "FILE", description = "for --check and explain: the configuration file of 'heartbeat run'")
  private @Nullable Path config;

  @Spec
  private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (!question.isEmpty()) {
      if (question.size() != 2 || !question.get(0).equals("explain")) {
        throw new ParameterException(Objects.requireNonNull(spec).commandLine(),
            "after the worker's name comes nothing, or explain and one command line in quotes: heartbeat workers "
                + name.orElse("llm") + " explain 'git log | head'");
      }
      return ask(worker -> worker.explain(question.get(1)));
    }
    return check ? ask(Worker::check) : list();
  }

  private interface Question {
    List<CheckResult> of(Worker worker) throws Exception;
  }

  private int ask(Question asked) throws Exception {
    Map<String, String> environment = new HashMap<>(Objects.requireNonNull(parent).environment());
    name.ifPresent(chosen -> environment.put("HEARTBEAT_WORKER", chosen));
    Redactor redactor = Redactor.of(List.of());
    RunConfiguration configuration = RunConfiguration.read(
        Optional.ofNullable(config).or(() -> RunOptions.fromEnvironment(environment).config()), environment, redactor);
    try (Worker worker = configuration.worker().worker()) {
      List<CheckResult> results = asked.of(worker);
      if (json) {
        System.out.println(redactor.redact(jsonOf(results).toString()));
      } else {
        (results.isEmpty()
            ? List.of(CheckResult.passed("worker", "its settings can be used, and it has nothing to add"))
            : results).forEach(result -> System.out.println(redactor.redact(describe(result))));
      }
      return (results.stream().allMatch(CheckResult::isPassed) ? ExitCode.OK : ExitCode.CONFIGURATION).code();
    }
  }

  private static ObjectNode jsonOf(List<CheckResult> results) {
    ObjectNode json = ProtocolJson.mapper().createObjectNode();
    ArrayNode checks = json.putArray("checks");
    results.forEach(result -> checks.addObject().put("what", result.what()).put("passed", result.isPassed())
        .put("words", result.words()).put("remedy", result.remedy().orElse(null)));
    return json;
  }

  /** As {@code heartbeat doctor} writes it too. */
  static String describe(CheckResult result) {
    return (result.isPassed() ? "ok    " : "FAIL  ") + result.what() + ": " + result.words()
        + result.remedy().map(remedy -> "\n      -> " + remedy).orElse("");
  }

  private int list() throws IOException {
    Path plugins = RunConfiguration.pluginsDirectory(Objects.requireNonNull(parent).environment());
    try (WorkerRegistry registry = new WorkerRegistry(plugins, Main.class.getClassLoader())) {
      List<WorkerRegistry.DiscoveryResult> all = registry.discoverAll().stream().filter(this::isAskedFor).toList();
      if (json) {
        System.out.println(json(all));
      } else if (all.isEmpty()) {
        System.out.println(
            "no workers: install a plugin with 'heartbeat plugin install FILE', which puts it into " + plugins);
      } else {
        all.forEach(WorkersCommand::print);
      }
      return (all.stream().allMatch(WorkerRegistry.DiscoveryResult.Usable.class::isInstance) ? ExitCode.OK
          : ExitCode.CONFIGURATION).code();
    }
  }

  private boolean isAskedFor(WorkerRegistry.DiscoveryResult found) {
    return name.isEmpty() || !(found instanceof WorkerRegistry.DiscoveryResult.Usable usable)
        || usable.name().equals(name.get());
  }

  private static ObjectNode json(List<WorkerRegistry.DiscoveryResult> all) {
    ObjectNode json = ProtocolJson.mapper().createObjectNode();
    ArrayNode workers = json.putArray("workers");
    for (WorkerRegistry.DiscoveryResult each : all) {
      ObjectNode worker = workers.addObject().put("place", each.place());
      switch (each) {
        case WorkerRegistry.DiscoveryResult.Usable usable -> {
          worker.put("name", usable.name()).put("description", usable.factory().description());
          ArrayNode settings = worker.putArray("settings");
          SettingDescription.of(usable.factory().settingsType()).forEach(setting -> settings.addObject()
              .put("key", setting.key()).put("description", setting.description())
              .put("type", setting.typeInWords()).put("required", setting.required())
              .put("default", setting.defaultValue().orElse(null)));
        }
        case WorkerRegistry.DiscoveryResult.Broken broken -> worker.put("problem", broken.problem());
      }
    }
    return json;
  }

  private static void print(WorkerRegistry.DiscoveryResult found) {
    switch (found) {
      case WorkerRegistry.DiscoveryResult.Usable usable -> print(usable);
      case WorkerRegistry.DiscoveryResult.Broken unusable ->
        System.out.println("NOT USABLE: " + unusable.problem() + "  [" + unusable.place() + "]");
    }
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
