package io.heartbeat4j.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heartbeat4j.client.ProtocolJson;
import io.heartbeat4j.plugin.SettingDescription;
import io.heartbeat4j.plugin.WorkerRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code heartbeat workers}. */
@Command(name = "workers", description = {
    "Lists the worker plugins and their settings.",
    "",
    "Choose a worker with worker.name in the file of --config, or with HEARTBEAT_WORKER. Its settings are under"
        + " worker.settings, or in HEARTBEAT_WORKER_<SETTING>.",
    ""
}, exitCodeListHeading = "%nExit codes:%n", exitCodeList = {" 0:every plugin can be used", "78:a plugin can't be used"})
final class WorkersCommand implements Callable<Integer> {

  @ParentCommand
  private @Nullable HeartbeatCommand parent;

  @Option(names = "--json", description = "prints one JSON object instead of text")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Path plugins = RunConfiguration.pluginsDirectory(Objects.requireNonNull(parent).environment());
    try (WorkerRegistry registry = new WorkerRegistry(plugins, Main.class.getClassLoader())) {
      List<WorkerRegistry.DiscoveryResult> all = registry.discoverAll();
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
