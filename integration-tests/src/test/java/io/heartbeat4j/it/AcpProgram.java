package io.heartbeat4j.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Programs of npm that speak the Agent Client Protocol: how each is started with a model on loopback, and how it writes. */
enum AcpProgram {
  QWEN("qwen", ".bin/qwen --acp") {
    @Override
    Map<String, String> environment(String model, Path home) throws IOException {
      // what it asks the model after a turn it tells nobody
      Files.writeString(Files.createDirectories(home.resolve(".qwen")).resolve("settings.json"), """
          {"memory": {"enableManagedAutoMemory": false, "enableManagedAutoDream": false},
           "ui": {"enableFollowupSuggestions": false}}""");
      return Map.of("OPENAI_API_KEY", key(), "OPENAI_BASE_URL", model + "/v1", "OPENAI_MODEL", "scripted");
    }

    @Override
    Map<String, ?> write(Path file, String content) {
      return call("write_file", Map.of("file_path", file.toString(), "content", content));
    }
  },
  OPENCODE("opencode", "opencode-linux-x64/bin/opencode acp") {
    @Override
    Map<String, String> environment(String model, Path home) {
      return Map.of("OPENCODE_CONFIG_CONTENT", """
          {"provider": {"local": {"npm": "@ai-sdk/openai-compatible", "options": {"baseURL": "%s/v1", "apiKey": "%s"},
            "models": {"scripted": {"name": "scripted"}}}}, "model": "local/scripted", "small_model": "local/scripted",
            "permission": {"edit": "ask", "bash": "ask"}}""".formatted(model, key()),
          "OPENCODE_DISABLE_MODELS_FETCH", "1");
    }

    @Override
    Map<String, ?> write(Path file, String content) {
      return call("write", Map.of("filePath", file.toString(), "content", content));
    }
  },
  CLAUDE("claude", ".bin/claude-agent-acp") {
    @Override
    Map<String, String> environment(String model, Path home) {
      return Map.of("ANTHROPIC_BASE_URL", model, "ANTHROPIC_API_KEY", key());
    }

    @Override
    Map<String, ?> write(Path file, String content) {
      return call("Write", Map.of("file_path", file.toString(), "content", content));
    }
  },
  CODEX("codex", ".bin/codex-acp") {
    @Override
    Map<String, String> environment(String model, Path home) throws IOException {
      Path directory = Files.createDirectories(home.resolve("codex"));
      Files.writeString(directory.resolve("config.toml"), """
          model = "scripted"
          model_provider = "local"
          approval_policy = "on-request"
          sandbox_mode = "read-only"
          [model_providers.local]
          name = "local"
          base_url = "%s/v1"
          wire_api = "responses"
          env_key = "OPENAI_API_KEY"
          """.formatted(model));
      return Map.of("CODEX_HOME", directory.toString(), "OPENAI_API_KEY", key());
    }

    @Override
    Map<String, ?> write(Path file, String content) {
      return call("exec_command", Map.of("cmd", "printf " + content + " > " + file, "sandbox_permissions",
          "require_escalated", "justification", "to write the notes"));
    }
  };

  /** For those that tell no cost. */
  private static final String PRICES = "3, 0.3, 15";

  private final String agent;
  private final String command;

  AcpProgram(String agent, String command) {
    this.agent = agent;
    this.command = command;
  }

  /** Its variables, and what it has to find in its home. */
  abstract Map<String, String> environment(String model, Path home) throws IOException;

  /** The call by which its model writes a file. */
  abstract Map<String, ?> write(Path file, String content);

  /** What the operator's rules call that. */
  String writeRule() {
    return this == CODEX ? "run *" : "write *";
  }

  /** The acp worker's settings. */
  Map<String, Object> settings(Path modules, String model, Path home, Path workspace, String rule) throws IOException {
    List<String> line = List.of((modules + "/" + command).split(" "));
    Map<String, String> environment = new HashMap<>(environment(model, home));
    environment.put("HOME", home.toString());
    environment.put("PATH", modules.resolve(".bin") + ":" + System.getenv("PATH")); // with a node for all of them
    return Map.of("agent", agent, "command", line, "workspace", workspace.toString(), "permissions", List.of(rule),
        "environment", environment, "prices", Map.of("default", PRICES), "start-timeout", "2m", "grace", "1s");
  }

  private static String key() {
    return UUID.randomUUID().toString();
  }

  private static Map<String, ?> call(String tool, Map<String, ?> arguments) {
    return ScriptedModelServer.toolCall(tool, arguments);
  }
}
