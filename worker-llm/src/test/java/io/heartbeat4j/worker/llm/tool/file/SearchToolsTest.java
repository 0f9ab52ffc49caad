package io.heartbeat4j.worker.llm.tool.file;

import io.heartbeat4j.worker.agent.file.ConfinedWorkspace;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.heartbeat4j.worker.llm.tool.Tool;
import io.heartbeat4j.worker.llm.tool.ToolArguments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What list, glob and grep leave out, they say. */
class SearchToolsTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir
  private Path root = Path.of("none");

  @Test
  void what_gitignore_names_is_left_out_and_counted() throws Exception {
    write(".gitignore", "# built\n/target/\n*.log\n!keep.log\nnode_modules/\ndocs/**/draft.md\n[\n");
    write("sub/.gitignore", "local\n!important.log\n");
    for (String file : new String[]{"a.java", "a.log", "keep.log", "target/a.java", "sub/target/b.java", "sub/local",
        "sub/important.log", "sub/x/node_modules/y.js", "docs/draft.md", "docs/a/b/draft.md"}) {
      write(file, "needle\n");
    }
    assertThat(call("glob", Map.of("pattern", "**"))).isEqualTo("""
        .gitignore
        a.java
        keep.log
        sub/.gitignore
        sub/important.log
        sub/target/b.java
        (left out by .gitignore: 6; set 'ignored' to see them)""");
    assertThat(call("grep", Map.of("pattern", "needle"))).contains("a.java:1: needle").contains("sub/target/b.java:1:")
        .doesNotContain("y.js").contains("left out by .gitignore: 6");
    assertThat(call("list", Map.of())).contains("a.java  7").contains("sub/").doesNotContain("a.log")
        .doesNotContain("target/");
    assertThat(call("glob", Map.of("pattern", "**/y.js", "ignored", true))).isEqualTo("sub/x/node_modules/y.js");
  }

  @Test
  void a_file_of_some_megabytes_is_searched_and_what_is_not_is_told() throws Exception {
    write("large", "a line\n".repeat(300_000) + "the needle\n");
    write("huge", "needle\n".repeat(800_000));
    Files.write(root.resolve("binary"), new byte[]{'n', 0, 'x'});
    String found = call("grep", Map.of("pattern", "needle"));
    assertThat(found).contains("large:300001: the needle").contains("not searched")
        .contains("huge has 5600000 bytes").contains("binary is not a text");
    assertThat(call("grep", Map.of("pattern", "nothing of that kind", "path", "huge"))).startsWith("No line fits.")
        .contains("huge has 5600000 bytes");
  }

  @Test
  void long_results_come_in_pages() throws Exception {
    write("lines", IntStream.rangeClosed(1, 450).mapToObj(i -> "needle " + i).collect(Collectors.joining("\n")));
    assertThat(call("grep", Map.of("pattern", "needle"))).contains("lines:1: needle 1\n").contains("lines:200:")
        .doesNotContain("lines:201:").endsWith("(there is more: set 'from' to 201)");
    assertThat(call("grep", Map.of("pattern", "needle", "from", 401))).startsWith("lines:401:").contains("lines:450:")
        .endsWith("(that is all)");
    assertThat(call("grep", Map.of("pattern", "needle", "from", 1000))).startsWith("No line fits");
  }

  @Test
  void a_directory_is_listed_with_all_that_is_below_where_asked() throws Exception {
    write("a/b/c/d", "1234");
    assertThat(call("list", Map.of())).isEqualTo("a/");
    assertThat(call("list", Map.of("depth", 50))).isEqualTo("a/\na/b/\na/b/c/\na/b/c/d  4");
    assertThat(call("list", Map.of("path", "a/b"))).isEqualTo("a/b/c/");
  }

  private String call(String name, Map<String, Object> arguments) throws Exception {
    ConfinedWorkspace workspace = ConfinedWorkspace.of(root);
    Tool tool = switch (name) {
      case "list" -> new ListFilesTool(workspace);
      case "glob" -> new GlobTool(workspace);
      default -> new GrepTool(workspace, path -> true);
    };
    return tool.call(ToolArguments.of(JSON.writeValueAsString(arguments), tool.specification())).text();
  }

  private void write(String file, String content) throws IOException {
    Files.createDirectories(root.resolve(file).getParent());
    Files.writeString(root.resolve(file), content);
  }
}
