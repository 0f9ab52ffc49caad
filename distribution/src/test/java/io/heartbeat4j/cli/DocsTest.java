package io.heartbeat4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.heartbeat4j.host.config.HostConfiguration;
import io.heartbeat4j.redaction.Redactor;
import io.heartbeat4j.worker.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * What the documentation shows can be used: its Java compiles, its links lead somewhere, its commands, configurations
 * and JSON are read by the code that reads a user's. Each problem names the page and the line.
 */
class DocsTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final ObjectMapper JSON = JsonMapper.builder()
      .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION).build();
  private static final ObjectMapper YAML = JsonMapper.builder(new YAMLFactory())
      .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION).build();
  private static final TypeReference<LinkedHashMap<String, Object>> MAP = new TypeReference<>() {
  };

  private static final Pattern PAGE = Pattern
      .compile("(?!.*target/)(docs/.*\\.md|CONTRIBUTING\\.md|([\\w-]+/)*README\\.md)");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{ENV:(\\w+)}");
  private static final Pattern ASSIGNMENT = Pattern.compile("\\w+=\\S*");

  @TempDir
  Path directory;

  private final List<MarkdownPage> pages = pages();

  private static List<MarkdownPage> pages() {
    try (Stream<Path> files = Files.walk(ROOT, 4)) {
      List<MarkdownPage> read = new ArrayList<>();
      for (Path file : files.filter(file -> PAGE.matcher(ROOT.relativize(file).toString()).matches()).sorted()
          .toList()) {
        read.add(MarkdownPage.read(ROOT, file));
      }
      return read;
    } catch (IOException unreadable) {
      throw new IllegalStateException(unreadable);
    }
  }

  private List<MarkdownPage.Block> blocks(String language) {
    return pages.stream().flatMap(page -> page.blocks(language).stream()).toList();
  }

  @Test
  void every_java_block_compiles() throws IOException {
    List<String> problems = new ArrayList<>();
    for (MarkdownPage page : pages) {
      problems.addAll(DocumentedJava.compile(page, emptyDirectory()).problems());
    }

    assertThat(blocks("java")).hasSizeGreaterThan(2);
    assertThat(problems).isEmpty();
  }

  @Test
  void every_link_leads_to_a_file_and_a_heading() throws IOException {
    List<String> problems = new ArrayList<>();
    int links = 0;
    for (MarkdownPage page : pages) {
      for (MarkdownPage.Line line : page.prose()) {
        Matcher link = LINK.matcher(CODE.matcher(line.text()).replaceAll("code"));
        while (link.find()) {
          links++;
          describeBrokenLink(page, link.group(1)).ifPresent(problem -> problems.add(page.where(line) + problem));
        }
      }
    }

    assertThat(links).isGreaterThan(30);
    assertThat(problems).isEmpty();
  }

  private static Optional<String> describeBrokenLink(MarkdownPage page, String link) throws IOException {
    if (link.matches("(https?|mailto):.*")) {
      return Optional.empty();
    }
    String[] parts = link.split("#", 2);
    Path target = parts[0].isEmpty() ? page.file() : page.file().resolveSibling(parts[0]).normalize();
    if (!Files.exists(target)) {
      return Optional.of("there is no file " + link);
    }
    boolean reached = parts.length == 1 || MarkdownPage.read(ROOT, target).anchors().contains(parts[1]);
    return reached ? Optional.empty() : Optional.of("there is no heading for " + link);
  }

  @Test
  void every_heartbeat_command_and_its_options_exist() throws IOException {
    List<String> problems = new ArrayList<>();
    int commands = 0;
    for (MarkdownPage page : pages) {
      for (MarkdownPage.Block block : page.blocks("sh")) {
        List<String> lines = block.text().lines().toList();
        for (int i = 0; i < lines.size(); i++) {
          for (String command : lines.get(i).replaceFirst("(^|\\s)#.*", "").split("&&|\\|\\||[;|]")) {
            Optional<String[]> arguments = heartbeatArguments(command);
            commands += arguments.isPresent() ? 1 : 0;
            describeUnknown(arguments, true).ifPresent(addTo(problems, block.where(i)));
          }
        }
      }
      for (MarkdownPage.Line line : page.prose()) {
        Matcher code = CODE.matcher(line.text());
        while (code.find()) {
          Optional<String[]> arguments = heartbeatArguments(code.group(1));
          commands += arguments.isPresent() ? 1 : 0;
          describeUnknown(arguments, false).ifPresent(addTo(problems, page.where(line)));
        }
      }
    }
    for (MarkdownPage.Block block : blocks("json")) {
      describeUnknown(adapterArguments(block), true).ifPresent(addTo(problems, block.where(0)));
    }

    assertThat(commands).isGreaterThan(20);
    assertThat(problems).isEmpty();
  }

  private static Consumer<String> addTo(List<String> problems, String where) {
    return problem -> problems.add(where + problem);
  }

  /** The command of a process adapter; empty where the block is no configuration of one. */
  private static Optional<String[]> adapterArguments(MarkdownPage.Block block) throws IOException {
    try {
      JsonNode adapter = parse(block).findParent("command");
      if (adapter == null) {
        return Optional.empty();
      }
      StringJoiner words = new StringJoiner(" ").add(adapter.path("command").asText());
      adapter.path("args").forEach(argument -> words.add(argument.asText()));
      return heartbeatArguments(words.toString());
    } catch (JsonProcessingException malformed) { // every_json_block_is_json says so
      return Optional.empty();
    }
  }

  /** What stands after {@code heartbeat} or a path to it; empty where the command is another one. */
  private static Optional<String[]> heartbeatArguments(String command) {
    List<String> words = Arrays.stream(command.strip().split("\\s+"))
        .dropWhile(word -> ASSIGNMENT.matcher(word).matches()).toList();
    boolean heartbeat = words.size() > 1 && words.get(0).matches("(.*/)?heartbeat");
    return heartbeat ? Optional.of(words.subList(1, words.size()).toArray(String[]::new)) : Optional.empty();
  }

  /** @param complete whether what is required has to be there: prose may name a command without its options */
  private static Optional<String> describeUnknown(Optional<String[]> command, boolean complete) {
    String[] arguments = command.orElse(new String[0]);
    if (arguments.length == 0 || arguments[0].equals("wake")) { // a shell script
      return Optional.empty();
    }
    try {
      HeartbeatCommand.commandLine(Map.of()).parseArgs(arguments);
      return Optional.empty();
    } catch (CommandLine.MissingParameterException incomplete) {
      return complete ? Optional.of(describe(arguments, incomplete)) : Optional.empty();
    } catch (CommandLine.ParameterException unknown) {
      return Optional.of(describe(arguments, unknown));
    }
  }

  private static String describe(String[] arguments, CommandLine.ParameterException wrong) {
    return "heartbeat " + String.join(" ", arguments) + ": " + wrong.getMessage();
  }

  @Test
  void every_json_block_is_json() throws IOException {
    List<String> problems = new ArrayList<>();
    for (MarkdownPage.Block block : blocks("json")) {
      try {
        parse(block);
      } catch (JsonProcessingException malformed) {
        problems.add(describe(block, malformed));
      }
    }

    assertThat(blocks("json")).hasSizeGreaterThan(10);
    assertThat(problems).isEmpty();
  }

  /** The values of a block, which may be several, in an array. */
  private static JsonNode parse(MarkdownPage.Block block) throws IOException {
    try (MappingIterator<JsonNode> values = JSON.readerFor(JsonNode.class).readValues(block.text())) {
      return JSON.createArrayNode().addAll(values.readAll());
    }
  }

  private static String describe(MarkdownPage.Block block, JsonProcessingException malformed) {
    int line = malformed.getLocation() == null ? 1 : malformed.getLocation().getLineNr();
    return block.where(line - 1) + malformed.getOriginalMessage();
  }

  @Test
  void every_yaml_block_is_a_usable_configuration() throws IOException, ReflectiveOperationException {
    List<String> problems = new ArrayList<>();
    for (MarkdownPage page : pages) {
      Path plugins = emptyDirectory();
      DocumentedJava.compile(page, emptyDirectory()).packPlugin(plugins);
      Map<String, Object> before = Map.of();
      for (MarkdownPage.Block block : page.blocks("yaml")) {
        try {
          Map<String, Object> written = YAML.readValue(block.text(), MAP);
          if (block.text().startsWith(" ")) {
            written = withWorkerSettings(before, written);
          } else if (written.containsKey("worker")) {
            before = written;
          } else {
            written = onTheShippedHostFile(written);
          }
          problemsOf(written, plugins).forEach(problem -> problems.add(block.where(0) + problem));
        } catch (JsonProcessingException malformed) {
          problems.add(describe(block, malformed));
        }
      }
    }

    assertThat(blocks("yaml")).hasSizeGreaterThan(5);
    assertThat(problems).isEmpty();
  }

  /** A block that is indented is a part of the worker's settings, and the page's last whole file is the rest. */
  private static Map<String, Object> withWorkerSettings(Map<String, Object> file, Map<String, Object> part) {
    JsonNode whole = YAML.valueToTree(file);
    JsonNode settings = whole.withObject("/worker").withObject("/settings").setAll(Map.copyOf(
        YAML.convertValue(part, new TypeReference<Map<String, JsonNode>>() {
        })));
    assertThat(settings.size()).isPositive();
    return YAML.convertValue(whole, MAP);
  }

  private static Map<String, Object> onTheShippedHostFile(Map<String, Object> part) throws IOException {
    Map<String, Object> whole = YAML.readValue(Files.readString(Path.of("src/main/etc/host.yaml")), MAP);
    whole.putAll(part);
    return whole;
  }

  private List<String> problemsOf(Map<String, Object> configuration, Path plugins) throws IOException {
    Path file = Files.writeString(emptyDirectory().resolve("configuration.yaml"),
        YAML.writeValueAsString(configuration));
    Map<String, String> environment = new HashMap<>(Map.of("HEARTBEAT_PLUGINS", plugins.toString()));
    VARIABLE.matcher(Files.readString(file)).results()
        .forEach(variable -> environment.put(variable.group(1), "for-this-test-".repeat(3)));
    environment.computeIfPresent("HOSTNAME", (name, value) -> "host-1");
    try {
      if (configuration.containsKey("worker")) {
        RunConfiguration read = RunConfiguration.read(Optional.of(file), environment, Redactor.of(List.of()));
        read.worker().worker().close();
        return read.problems();
      }
      HostConfiguration.read(file, environment, plugins, emptyDirectory(), secret -> {});
      return List.of();
    } catch (SettingsException wrong) {
      return wrong.problems();
    } catch (Exception failure) {
      return List.of(failure.toString());
    }
  }

  private Path emptyDirectory() throws IOException {
    return Files.createTempDirectory(directory, "docs");
  }
}
