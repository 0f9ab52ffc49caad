package io.heartbeat4j.cli;

import io.heartbeat4j.plugin.SettingDescription;
import io.heartbeat4j.plugin.WorkerRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
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

  @Override
  public Integer call() throws IOException {
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
