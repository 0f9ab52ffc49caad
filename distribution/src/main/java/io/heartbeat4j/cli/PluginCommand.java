package io.heartbeat4j.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heartbeat4j.cli.plugin.InstalledPlugin;
import io.heartbeat4j.cli.plugin.PluginDirectory;
import io.heartbeat4j.cli.plugin.PluginSource;
import io.heartbeat4j.client.ProtocolJson;
import io.heartbeat4j.worker.SettingsException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code heartbeat plugin}: installs, lists and removes the plugins of the distribution. */
@Command(name = "plugin", mixinStandardHelpOptions = true, description = {
    "Installs, lists and removes worker plugins.",
    "They are in the distribution's directory plugins/, or in that of HEARTBEAT_PLUGINS. A host that runs uses a change"
        + " after its next start.",
    ""}, exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
        " 0:done", "64:an argument is wrong", "78:the plugin can't be used; with 'list', one of them"})
final class PluginCommand implements Runnable {

  @ParentCommand
  private @Nullable HeartbeatCommand parent;

  @Spec
  private @Nullable CommandSpec spec;

  @Override
  public void run() {
    Objects.requireNonNull(spec).commandLine().usage(out());
  }

  @Command(name = "install", mixinStandardHelpOptions = true, description = "Checks a plugin and puts it into the directory of plugins, in one step.")
  int install(
      @Parameters(paramLabel = "FILE|GAV", description = "a plugin zip, a jar, or Maven coordinates such as io.example:worker-greeter:1.0") String source,
      @Option(names = "--replace", description = "exchanges an installed plugin of the same name") boolean replace,
      @Option(names = "--sha256", paramLabel = "HEX", description = "the checksum that the file must have") @Nullable String sha256,
      @Option(names = "--repository", paramLabel = "DIR", description = "the local Maven repository (default: that of Maven's settings)") @Nullable Path repository) {
    return run(plugins -> {
      InstalledPlugin installed = plugins.install(PluginSource.find(source, Optional.ofNullable(repository)),
          Optional.ofNullable(sha256), replace);
      out().println("installed " + installed.directory() + ": " + String.join(", ", installed.workers()));
      return ExitCode.OK;
    });
  }

  @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists the plugins, their workers, and whether their files are as they were installed.")
  int list(@Option(names = "--json", description = "prints one JSON object instead of text") boolean json) {
    return run(plugins -> {
      List<InstalledPlugin> all = plugins.list();
      if (json) {
        out().println(json(all));
      } else {
        all.forEach(each -> out().println(describe(each)));
      }
      return all.stream().allMatch(each -> each.problem().isEmpty()) ? ExitCode.OK : ExitCode.CONFIGURATION;
    });
  }

  private static String describe(InstalledPlugin plugin) {
    String state = switch (plugin.files()) {
      case UNCHANGED -> "";
      case CHANGED -> "; its jars were changed after they were installed";
      case NOT_RECORDED -> "; no checksums: it was not installed by this command";
    };
    return plugin.name() + ": " + (plugin.problem().isEmpty()
        ? "workers " + String.join(", ", plugin.workers())
        : "NOT USABLE: " + plugin.problem()) + state;
  }

  private static ObjectNode json(List<InstalledPlugin> all) {
    ObjectNode json = ProtocolJson.mapper().createObjectNode();
    ArrayNode plugins = json.putArray("plugins");
    for (InstalledPlugin each : all) {
      ObjectNode plugin = plugins.addObject().put("name", each.name()).put("directory", each.directory().toString());
      each.workers().forEach(plugin.putArray("workers")::add);
      plugin.put("files", each.files().name().toLowerCase(Locale.ROOT).replace('_', '-'))
          .put("problem", each.problem());
    }
    return json;
  }

  @Command(name = "remove", mixinStandardHelpOptions = true, description = "Removes a plugin.")
  int remove(@Parameters(paramLabel = "NAME", description = "a name of 'heartbeat plugin list'") String name) {
    return run(plugins -> {
      plugins.remove(name);
      out().println("removed " + name);
      return ExitCode.OK;
    });
  }

  private interface Action {
    ExitCode on(PluginDirectory plugins) throws IOException;
  }

  private int run(Action action) {
    Path directory = RunConfiguration.pluginsDirectory(Objects.requireNonNull(parent).environment());
    try {
      return action.on(new PluginDirectory(directory, Main.class.getClassLoader())).code();
    } catch (SettingsException wrong) {
      throw new CommandFailure(ExitCode.CONFIGURATION, String.join("; ", wrong.problems()));
    } catch (IOException unwritable) {
      throw new CommandFailure(ExitCode.CONFIGURATION,
          directory + " can't be changed (" + unwritable + "): run this as its owner, or set HEARTBEAT_PLUGINS");
    }
  }

  private PrintWriter out() {
    return Objects.requireNonNull(spec).commandLine().getOut();
  }
}
