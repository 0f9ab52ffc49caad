package io.heartbeat4j.worker.acp.turn;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A tool call for which the program asks for permission, in the words of the operator's rules.
 *
 * @param tool {@code read}, {@code write}, {@code run}, {@code fetch}, or the protocol's own kind
 * @param paths the files that it is about, as the program writes them
 * @param subject what it is about where it is not about files
 * @param isKnown whether the subject is what will be done, and not only the program's title of it
 * @param details the arguments, for a person who is asked
 */
record RequestedCall(String tool, List<String> paths, String subject, boolean isKnown, String details) {

  private static final Set<String> SHELLS = Set.of("sh", "bash", "dash", "zsh", "/bin/sh", "/bin/bash",
      "/usr/bin/bash");
  private static final List<String> PATH_NAMES = List.of("path", "file_path", "filePath", "filepath", "abs_path",
      "absolute_path", "filename", "notebook_path");
  private static final Pattern RESULT_TOOL = Pattern.compile(
      "(?is)\\W*(tool: )?(mcp_+)?heartbeat[\\W_]+(finish|block|ask|delegate|comment|document|reply)\\b.*"
          + "|(finish|block|ask|delegate|comment|document|reply) \\(heartbeat MCP Server\\).*");

  private static final Pattern OPTION_OF_RESULT_TOOL = Pattern.compile(
      "Always Allow [a-z ]+: (finish|block|ask|delegate|comment|document|reply)");

  /**
   * Reads the parameters of {@code session/request_permission}. Where the title is only the arguments, as Qwen Code has
   * it, an option's name says which tool it is.
   */
  static RequestedCall of(JsonNode toolCall, JsonNode options) {
    String kind = toolCall.path("kind").asText("other");
    JsonNode input = toolCall.path("rawInput");
    String title = toolCall.path("title").asText("");
    String details = input.isMissingNode() ? title : input.toPrettyString();
    return switch (kind) {
      case "read", "search" -> new RequestedCall("read", paths(toolCall), title, true, details);
      case "edit", "delete", "move" -> new RequestedCall("write", paths(toolCall), title, false, details);
      case "execute" -> {
        String command = command(input.path("command"));
        yield new RequestedCall("run", List.of(), command.isEmpty() ? title : command, !command.isEmpty(), details);
      }
      case "fetch" -> {
        String url = input.path("url").asText("");
        yield new RequestedCall("fetch", List.of(), url.isEmpty() ? title : url, !url.isEmpty(), details);
      }
      default -> new RequestedCall(kind, List.of(), ofOption(options).orElse(title), true, details);
    };
  }

  private static Optional<String> ofOption(JsonNode options) {
    for (JsonNode option : options) {
      Matcher name = OPTION_OF_RESULT_TOOL.matcher(option.path("name").asText());
      if (name.matches()) {
        return Optional.of("heartbeat " + name.group(1));
      }
    }
    return Optional.empty();
  }

  private static List<String> paths(JsonNode toolCall) {
    Set<String> paths = new LinkedHashSet<>();
    PATH_NAMES.forEach(name -> paths.add(toolCall.path("rawInput").path(name).asText("")));
    toolCall.path("locations").forEach(location -> paths.add(location.path("path").asText("")));
    toolCall.path("content").forEach(content -> paths.add(content.path("path").asText("")));
    paths.remove("");
    return List.copyOf(paths);
  }

  private static String command(JsonNode command) {
    if (!command.isArray()) {
      return command.asText("");
    }
    if (command.size() == 3 && SHELLS.contains(command.path(0).asText()) && command.path(1).asText().matches("-l?c")) {
      return command.path(2).asText();
    }
    StringBuilder line = new StringBuilder();
    command.forEach(word -> line.append(line.isEmpty() ? "" : " ").append(quoted(word.asText())));
    return line.toString();
  }

  private static String quoted(String word) {
    return word.matches("[A-Za-z0-9_@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  /** Whether it is a call of our own tools, which do nothing but what a result may do. */
  boolean isResultTool() {
    return tool.equals("other") && isResultTool(subject);
  }

  static boolean isResultTool(String title) {
    return RESULT_TOOL.matcher(title).matches();
  }
}
