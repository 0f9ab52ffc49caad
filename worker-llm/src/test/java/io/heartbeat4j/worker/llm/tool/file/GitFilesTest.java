package io.heartbeat4j.worker.llm.tool.file;

import io.heartbeat4j.worker.agent.file.ConfinedWorkspace;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.heartbeat4j.worker.agent.permission.PermissionPolicy;
import io.heartbeat4j.worker.agent.permission.PermissionPolicy.Verdict;
import io.heartbeat4j.worker.llm.tool.Tool;
import io.heartbeat4j.worker.llm.tool.ToolArguments;
import io.heartbeat4j.worker.agent.ToolCallException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model that changes git's files has its commands run by the next person who uses git. */
class GitFilesTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir
  Path root;

  @BeforeEach
  void make_a_repository() throws Exception {
    Files.createDirectories(root.resolve(".git/hooks"));
    Files.writeString(root.resolve(".git/config"), "old");
    Files.createDirectories(root.resolve("a/.git"));
    Files.writeString(root.resolve("a/.git/config"), "old");
    Files.writeString(root.resolve("module"), "old");
    Files.createSymbolicLink(root.resolve("link"), Path.of(".git"));
    Files.createSymbolicLink(root.resolve("file-link"), Path.of(".git/config"));
  }

  @ParameterizedTest
  @ValueSource(strings = {".git", ".git/", ".git/config", "./.git/config", "a/../.git/config",
      ".git/hooks/post-checkout",
      ".GIT/config", ".Git", "a/.git", "a/.git/config", "a/b/.git/config", "new/.gIT/config", ".git./config",
      ".git /config", ".git. . /config", ".git::$INDEX_ALLOCATION/config", "GIT~1/config", ".g\u200cit/config",
      "link/config", "link/hooks/pre-commit", "file-link", "a\\.git\\config"})
  void no_tool_writes_them(String path) throws Exception {
    ConfinedWorkspace workspace = ConfinedWorkspace.of(root);
    PermissionPolicy policy = PermissionPolicy.of(List.of("allow write", "allow edit", "allow write *git*"));
    for (Tool tool : List.of(new WriteFileTool(workspace), new EditFileTool(workspace))) {
      ToolArguments arguments = ToolArguments.of(JSON.writeValueAsString(tool.name().equals("write")
          ? Map.of("path", path, "content", "new")
          : Map.of("path", path, "old", "old", "new", "new")), tool.specification());
      assertThat(policy.decide(tool.name(), tool.isAllowedByDefault(), tool.subject(arguments))).as(tool.name())
          .isInstanceOf(Verdict.Denied.class);
    }
    assertThatThrownBy(() -> workspace.write(workspace.resolve(path), new byte[]{1}))
        .isInstanceOf(ToolCallException.class).hasMessageContaining("git's own files are never written");
    assertThat(root.resolve(".git/config")).hasContent("old");
    assertThat(root.resolve("a/.git/config")).hasContent("old");
    try (Stream<Path> left = Files.list(root)) {
      assertThat(left.map(Path::getFileName).map(Path::toString))
          .containsExactlyInAnyOrder(".git", "a", "module", "link", "file-link");
    }
  }

  @Test
  void they_are_read_and_files_with_similar_names_are_written() throws Exception {
    ConfinedWorkspace workspace = ConfinedWorkspace.of(root);
    assertThat(workspace.read(workspace.resolve(".git/config"), 10)).asString().isEqualTo("old");
    for (String path : List.of(".gitignore", ".github/workflows/build.yml", "git/config", "a.git/x", "x.gitx")) {
      workspace.write(workspace.resolve(path), new byte[]{1});
      assertThat(root.resolve(path)).isRegularFile();
    }
  }
}
