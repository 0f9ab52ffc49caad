package io.heartbeat4j.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heartbeat4j.host.config.HostJsonSchema;
import io.heartbeat4j.plugin.NameSuggestion;
import io.heartbeat4j.plugin.SettingsJsonSchema;
import io.heartbeat4j.plugin.WorkerRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code heartbeat schema}. */
@Command(name = "schema", description = {
    "Prints the JSON Schema of a configuration file, for an editor that completes and checks it.",
    "",
    "The schemas of the shipped plugins are in etc/schema. With plugins of your own, write them anew: 'heartbeat schema"
        + " --all etc/schema'. The first line of a file names its schema: '# yaml-language-server:"
        + " $schema=schema/host.schema.json'.",
    ""
}, exitCodeListHeading = "%nExit codes:%n", exitCodeList = {" 0:printed or written", "64:there is no such schema"})
final class SchemaCommand implements Callable<Integer> {

  private static final ObjectMapper JSON = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  @ParentCommand
  private @Nullable HeartbeatCommand parent;

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "host (host.yaml), agent (a file of agents-dir),"
      + " heartbeat (heartbeat.yaml), or a worker (its settings); without it the names are listed")
  private @Nullable String name;

  @Option(names = "--all", paramLabel = "DIRECTORY", description = "writes all of them, as NAME.schema.json")
  private @Nullable Path directory;

  @Override
  public Integer call() throws IOException {
    Path plugins = RunConfiguration.pluginsDirectory(Objects.requireNonNull(parent).environment());
    try (WorkerRegistry registry = new WorkerRegistry(plugins, Main.class.getClassLoader())) {
      Map<String, ObjectNode> schemas = schemas(registry);
      if (directory != null) {
        write(schemas, directory);
      } else if (name == null) {
        schemas.keySet().forEach(System.out::println);
      } else if (schemas.containsKey(name)) {
        System.out.println(JSON.writeValueAsString(schemas.get(name)));
      } else {
        throw new CommandFailure(ExitCode.USAGE, "there is no schema '" + name + "'"
            + NameSuggestion.didYouMean(name, schemas.keySet()) + " (known: " + String.join(", ", schemas.keySet())
            + ")");
      }
    }
    return ExitCode.OK.code();
  }

  private static void write(Map<String, ObjectNode> schemas, Path directory) throws IOException {
    Files.createDirectories(directory);
    for (Map.Entry<String, ObjectNode> schema : schemas.entrySet()) {
      Files.writeString(directory.resolve(schema.getKey() + ".schema.json"),
          JSON.writeValueAsString(schema.getValue()) + "\n");
    }
  }

  /** All schemas by their names; a worker that has the name of a file has none of its own. */
  static Map<String, ObjectNode> schemas(WorkerRegistry registry) {
    Map<String, Class<? extends Record>> workers = new LinkedHashMap<>();
    for (WorkerRegistry.DiscoveryResult found : registry.discoverAll()) {
      if (found instanceof WorkerRegistry.DiscoveryResult.Usable usable) {
        workers.put(usable.name(), usable.factory().settingsType());
      }
    }
    Map<String, ObjectNode> schemas = new LinkedHashMap<>();
    schemas.put("host", SettingsJsonSchema.document("host.yaml of heartbeat4j", HostJsonSchema.host(workers)));
    schemas.put("agent", SettingsJsonSchema.document("an agent of a heartbeat4j host", HostJsonSchema.agent(workers)));
    schemas.put("heartbeat",
        SettingsJsonSchema.document("heartbeat.yaml of heartbeat4j", RunConfiguration.jsonSchema(workers)));
    workers.forEach((worker, settings) -> schemas.putIfAbsent(worker,
        SettingsJsonSchema.document("the settings of the worker " + worker, SettingsJsonSchema.of(settings))));
    return schemas;
  }
}
