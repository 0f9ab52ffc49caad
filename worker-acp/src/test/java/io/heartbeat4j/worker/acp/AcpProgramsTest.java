package io.heartbeat4j.worker.acp;

import static org.assertj.core.api.Assertions.assertThat;

import io.heartbeat4j.protocol.IssueStatus;
import io.heartbeat4j.testkit.TestIssue;
import io.heartbeat4j.testkit.TestCompany;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Programs of npm against a model server on loopback. They are over 400 MB, so this runs only where they are: {@code npm
 * install --prefix DIR --ignore-scripts @qwen-code/qwen-code opencode-ai}, then {@code mvn -pl worker-acp -am test
 * -Dtest=AcpProgramsTest -Dsurefire.failIfNoSpecifiedTests=false -Dacp.programs=DIR/node_modules}.
 */
@EnabledIfSystemProperty(named = "acp.programs", matches = ".+")
@Timeout(600)
class AcpProgramsTest {

  private static final String KEY = "OPENAI_API_KEY";

  @TempDir
  Path directory;

  private final ScriptedChatServer model;

  AcpProgramsTest() throws IOException {
    model = new ScriptedChatServer();
  }

  @AfterEach
  void stop() {
    model.close();
  }

  private Path workspace() throws IOException {
    return Files.createDirectories(directory.resolve("workspace"));
  }

  private TestCompany company(String agent, String command, List<String> permissions, Map<String, String> environment)
      throws IOException {
    Map<String, String> all = new HashMap<>(environment);
    all.put("HOME", Files.createDirectories(directory.resolve("home")).toString());
    return TestCompany.start().useWorker(new AcpWorkerFactory(), Map.of("agent", agent, "command",
        List.of(Path.of(System.getProperty("acp.programs")).resolve(command).toString(),
            agent.equals("qwen") ? "--acp" : "acp"),
        "workspace", workspace().toString(), "permissions", permissions, "environment", all, "start-timeout", "2m",
        "grace", "3s"));
  }

  private TestCompany qwen(List<String> permissions) throws IOException {
    return company("qwen", ".bin/qwen", permissions,
        Map.of(KEY, UUID.randomUUID().toString(), "OPENAI_BASE_URL", model.address(), "OPENAI_MODEL", "scripted"));
  }

  private TestCompany opencode(List<String> permissions) throws IOException {
    String config = """
        {"provider": {"local": {"npm": "@ai-sdk/openai-compatible", "options": {"baseURL": "%s", "apiKey": "%s"},
          "models": {"scripted": {"name": "scripted"}}}}, "model": "local/scripted", "small_model": "local/scripted",
          "permission": {"edit": "ask", "bash": "ask"}}""".formatted(model.address(), UUID.randomUUID());
    return company("opencode", "opencode-linux-x64/bin/opencode", permissions,
        Map.of("OPENCODE_CONFIG_CONTENT", config, "OPENCODE_DISABLE_MODELS_FETCH", "1"));
  }

  private String file() throws IOException {
    return workspace().resolve("notes.txt").toString();
  }

  private void writesAndFinishes(String tool, String pathName) throws IOException {
    model.calls
        .add(new ScriptedChatServer.Call(tool, "{\"" + pathName + "\": \"" + file() + "\", \"content\": \"hello\"}"));
    finishes();
  }

  private void finishes() {
    model.calls
        .add(new ScriptedChatServer.Call("finish", "{\"status\": \"done\", \"summary\": \"The notes are there.\"}"));
  }

  private void isDone(TestIssue worked) throws IOException {
    assertThat(worked.status()).as(worked.toString()).isEqualTo(IssueStatus.DONE);
    assertThat(worked.lastComment()).contains("The notes are there.");
    assertThat(Path.of(file())).as(worked.toString()).hasContent("hello");
  }

  @Test
  void qwen_code_writes_a_file_finishes_and_goes_on_in_its_session() throws Exception {
    writesAndFinishes("write_file", "file_path");
    try (TestCompany company = qwen(List.of())) {
      TestIssue worked = company.issue("Write notes", "The long description.").isWorked();
      isDone(worked);
      assertThat(worked.lastComment()).contains("400 tokens in");
      finishes();
      TestIssue again = worked.comment("In blue, please.");
      isDone(again);
      assertThat(again.progress()).anyMatch(line -> line.contains("is gone on with"));
      assertThat(model.requests.getLast()).contains("The long description.").contains("In blue, please.");
    }
  }

  @Test
  void qwen_code_asks_for_permission_by_a_card_and_goes_on() throws Exception {
    writesAndFinishes("write_file", "file_path");
    try (TestCompany company = qwen(List.of("ask write *"))) {
      TestIssue asked = company.issue("Write notes", "").isWorked();
      assertThat(asked.status()).as(asked.toString()).isEqualTo(IssueStatus.IN_REVIEW);
      assertThat(asked.lastComment()).contains("permission for `write notes.txt`");
      assertThat(Path.of(file())).doesNotExist();
      model.calls.clear();
      writesAndFinishes("write_file", "file_path");
      isDone(asked.accept());
    }
  }

  @Test
  void opencode_writes_a_file_finishes_and_goes_on_in_its_session() throws Exception {
    writesAndFinishes("write", "filePath");
    try (TestCompany company = opencode(List.of())) {
      TestIssue worked = company.issue("Write notes", "The long description.").isWorked();
      isDone(worked);
      finishes();
      isDone(worked.comment("In blue, please."));
      assertThat(model.requests.getLast()).contains("The long description.").contains("In blue, please.");
    }
  }

  @Test
  void opencode_asks_for_permission_by_a_card_and_goes_on() throws Exception {
    writesAndFinishes("write", "filePath");
    try (TestCompany company = opencode(List.of("ask write *"))) {
      TestIssue asked = company.issue("Write notes", "").isWorked();
      assertThat(asked.status()).as(asked.toString()).isEqualTo(IssueStatus.IN_REVIEW);
      assertThat(Path.of(file())).doesNotExist();
      model.calls.clear();
      writesAndFinishes("write", "filePath");
      isDone(asked.accept());
    }
  }
}
