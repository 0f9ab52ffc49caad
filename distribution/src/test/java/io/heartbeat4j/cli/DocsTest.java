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
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

  private static final Pattern PAGE = Pattern.compile("docs/.*\\.md|CONTRIBUTING\\.md|SECURITY\\.md|(.*/)?README\\.md");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern SECRET_FILE = Pattern.compile("(?<=\\$\\{FILE:)[^}]*");
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{ENV:(\\w+)}");
  private static final Pattern ASSIGNMENT = Pattern.compile("\\w+=\\S*");

  @TempDir
  Path directory;

  private final List<MarkdownPage> pages = pages();

  private static List<MarkdownPage> pages() {
    List<MarkdownPage> read = new ArrayList<>();
    try {
      Files.walkFileTree(ROOT, Set.of(), 4, new SimpleFileVisitor<>() {
        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
          String name = String.valueOf(folder.getFileName());
          boolean generated = name.equals("target") || name.equals("node_modules")
              || (name.startsWith(".") && !folder.equals(ROOT));
          return generated ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
          if (PAGE.matcher(ROOT.relativize(file).toString()).matches()) {
            read.add(MarkdownPage.read(ROOT, file));
          }
          return FileVisitResult.CONTINUE;
        }
      });
    } catch (IOException unreadable) {
      throw new IllegalStateException(unreadable);
    }
    read.sort(Comparator.comparing(MarkdownPage::name));
    return read;
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
    List<Command> commands = new ArrayList<>();
    for (MarkdownPage page : pages) {
      for (MarkdownPage.Block block : page.blocks("sh")) {
        List<String> lines = block.text().lines().toList();
        for (int i = 0; i < lines.size(); i++) {
          for (String command : lines.get(i).replaceFirst("(^|\\s)#.*", "").split("&&|\\|\\||[;|&]")) {
            commands.add(new Command(block.where(i), command, true));
          }
        }
      }
      for (MarkdownPage.Line line : page.prose()) {
        CODE.matcher(line.text()).results()
            .forEach(code -> commands.add(new Command(page.where(line), code.group(1), false)));
      }
      for (MarkdownPage.Block block : page.blocks("json")) {
        adapterCommand(block).ifPresent(command -> commands.add(new Command(block.where(0), command, true)));
      }
    }

    assertThat(commands.stream().filter(command -> command.arguments().length > 0)).hasSizeGreaterThan(20);
    assertThat(commands.stream().flatMap(command -> describeUnknown(command).stream())).isEmpty();
  }

  /** The command of a process adapter; empty if the block does not configure one. */
  private static Optional<String> adapterCommand(MarkdownPage.Block block) throws IOException {
    try {
      JsonNode adapter = parse(block).findParent("command");
      if (adapter == null) {
        return Optional.empty();
      }
      StringJoiner words = new StringJoiner(" ").add(adapter.path("command").asText());
      adapter.path("args").forEach(argument -> words.add(argument.asText()));
      return Optional.of(words.toString());
    } catch (JsonProcessingException malformed) { // every_json_block_is_json reports it
      return Optional.empty();
    }
  }

  /**
   * A command line of a page.
   *
   * @param complete whether required options must be present: prose may name a command without them
   */
  private record Command(String where, String line, boolean complete) {

    /** The words after {@code heartbeat} or a path to it; none if the line starts another command. */
    String[] arguments() {
      List<String> words = Arrays.stream(line.strip().split("\\s+"))
          .dropWhile(word -> ASSIGNMENT.matcher(word).matches()).toList();
      boolean heartbeat = !words.isEmpty() && words.get(0).matches("(.*/)?heartbeat");
      return heartbeat ? words.subList(1, words.size()).toArray(String[]::new) : new String[0];
    }
  }

  private static Optional<String> describeUnknown(Command command) {
    String[] arguments = command.arguments();
    if (arguments.length == 0 || arguments[0].equals("wake")) { // a shell script, unknown to picocli
      return Optional.empty();
    }
    try {
      HeartbeatCommand.commandLine(Map.of()).parseArgs(arguments);
      return Optional.empty();
    } catch (CommandLine.ParameterException wrong) {
      boolean tolerated = wrong instanceof CommandLine.MissingParameterException && !command.complete();
      return tolerated ? Optional.empty() : Optional.of(command.where() + command.line() + ": " + wrong.getMessage());
    }
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
    Path secretFile = Files.writeString(emptyDirectory().resolve("secret"), "for-this-test-".repeat(3));
    Path file = Files.writeString(emptyDirectory().resolve("configuration.yaml"),
        SECRET_FILE.matcher(YAML.writeValueAsString(configuration)).replaceAll(secretFile.toString()));
    Map<String, String> environment = new HashMap<>(Map.of("HEARTBEAT_PLUGINS", plugins.toString()));
    VARIABLE.matcher(Files.readString(file)).results()
        .forEach(variable -> environment.put(variable.group(1), "for-this-test-".repeat(3)));
    environment.computeIfPresent("HOSTNAME", (name, value) -> "host-1");
    boolean oneShot = configuration.containsKey("worker");
    List<String> problems = PrintedSchemas.of(plugins).problems(oneShot ? "heartbeat" : "host", configuration);
    if (!problems.isEmpty()) {
      return problems;
    }
    try {
      if (oneShot) {
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
