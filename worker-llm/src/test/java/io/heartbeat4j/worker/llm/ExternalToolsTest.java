package io.heartbeat4j.worker.llm;

import static io.heartbeat4j.testkit.HeartbeatAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.heartbeat4j.protocol.IssueStatus;
import io.heartbeat4j.testkit.TestIssue;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What reaches out of the plugin: commands and their end, MCP servers, the web. */
class ExternalToolsTest {

  @ParameterizedTest
  @EnumSource
  void the_tools_of_mcp_servers_are_called_and_see_no_more_than_commands_do(WireFormat wireFormat) throws Exception {
    String withheld = System.getenv().keySet().stream()
        .filter(name -> name.startsWith("MAVEN_") || name.equals("PWD")).findFirst().orElse("OLDPWD");
    Path script = Path.of("src/test/resources/mcp-server.js").toAbsolutePath();
    Process http = new ProcessBuilder("node", script.toString(), "http").start();
    try (BufferedReader port = new BufferedReader(new InputStreamReader(http.getInputStream(), StandardCharsets.UTF_8));
        LlmFixture llmFixture = LlmFixture.open(wireFormat, Map.of("mcp", List.of(
            Map.of("name", "own", "command", List.of("node", script.toString()), "environment",
                Map.of("GIVEN", "a given word"),
                "tools", List.of("tell")),
            Map.of("name", "far", "url", "http://127.0.0.1:" + port.readLine() + "/mcp"))),
            ScriptedTurn.calling("own__tell", Map.of("name", "GIVEN")).and("own__tell", Map.of("name", withheld))
                .and("far__tell", Map.of("name", "NO_SUCH")).and("own__hide", Map.of("name", "GIVEN"))
                .and("own__tell", Map.of()),
            ScriptedTurn.finishing("done", "Told."))) {
      TestIssue worked = llmFixture.work("Tell", "the variables");
      assertThat(worked).isDone();
      List<String> answers = llmFixture.requests().get(1).path("messages").findValuesAsText("content").stream()
          .map(text -> text.replace("\\n", "\n")) // Gemini's are JSON in JSON
          .toList();
      assertThat(answers).as("what is given is a secret").filteredOn(text -> text.contains("\n***\n")).hasSize(1);
      assertThat(answers).filteredOn(text -> text.contains("(unset)")).as(withheld + " and the far one").hasSize(2);
      assertThat(answers).anySatisfy(text -> assertThat(text).contains("there is no tool 'own__hide'"));
      assertThat(answers).anySatisfy(text -> assertThat(text).contains("own__tell needs the argument 'name'"));
    } finally {
      http.destroyForcibly();
    }
  }

  @Test
  void the_process_of_an_mcp_server_ends_with_its_heartbeat(@TempDir Path directory) throws Exception {
    Path pid = directory.resolve("pid");
    String script = Path.of("src/test/resources/mcp-server.js").toAbsolutePath().toString();
    try (LlmFixture llmFixture = LlmFixture.open(WireFormat.OPENAI, Map.of("mcp", List.of(Map.of(
        "name", "own", "command", List.of("sh", "-c", "echo $$ > " + pid + "; exec node " + script)))),
        ScriptedTurn.calling("own__tell", Map.of("name", "HOME")), ScriptedTurn.finishing("done", "Told."))) {
      assertThat(llmFixture.work("Tell", "it").status()).isEqualTo(IssueStatus.DONE);
      Optional<ProcessHandle> server = ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()));
      if (server.isPresent()) {
        assertThat(server.get().onExit().get(10, TimeUnit.SECONDS).isAlive()).isFalse();
      }
    }
  }

  @Test
  void an_mcp_server_that_does_not_start_is_told_by_name() throws Exception {
    try (LlmFixture llmFixture = LlmFixture.open(WireFormat.OPENAI, Map.of("mcp", List.of(
        Map.of("name", "gone", "command", List.of("sh", "-c", "exit 3"), "timeout", "1s"))),
        ScriptedTurn.finishing("done", "never"))) {
      TestIssue worked = llmFixture.work("Tell", "it");
      assertThat(worked).isBlocked();
      assertThat(worked.lastComment()).contains("the MCP server 'gone' can't be used");
      assertThat(llmFixture.requests()).isEmpty();
    }
  }

  @Test
  void a_command_has_limits_and_leaves_nothing_running() throws Exception {
    try (LlmFixture llmFixture = LlmFixture.open(WireFormat.OPENAI, Map.of("permissions", List.of("allow run")),
        ScriptedTurn.calling("run",
            Map.of("command", "sleep 60 & echo $! > pid; echo started; sleep 60", "timeout", 1)),
        ScriptedTurn.calling("run", Map.of("command", "sleep 60 & echo $! > pid2; sleep 0.5; exit 7")),
        ScriptedTurn.calling("run", Map.of("command", "seq 1 100000")),
        ScriptedTurn.calling("run", Map.of("command", "(setsid sh -c '(sleep 60 & echo $! > pid3) &' >/dev/null 2>&1"
            + " </dev/null &); while [ ! -s pid3 ]; do sleep 0.01; done")),
        ScriptedTurn.finishing("done", "Ran them."))) {
      TestIssue worked = llmFixture.work("Run", "them");
      assertThat(worked).isDone();
      for (String pid : List.of("pid", "pid2", "pid3")) {
        assertThat(ProcessHandle.of(Long.parseLong(llmFixture.readFile(pid).strip())).filter(ProcessHandle::isAlive))
            .as(pid).isEmpty();
      }
      var messages = llmFixture.requests().get(4).path("messages").findValuesAsText("content");
      assertThat(messages)
          .anySatisfy(text -> assertThat(text).contains("ended after its time limit of 1 s").contains("started"));
      assertThat(messages).anySatisfy(text -> assertThat(text).contains("exit code 7"));
      assertThat(messages).anySatisfy(text -> assertThat(text).contains("\n1\n2\n").contains("99999\n100000")
          .contains("characters left out").hasSizeLessThan(17_000));
    }
  }

  @Test
  void a_sandbox_by_one_word_keeps_commands_from_files_network_and_processes_outside() throws Exception {
    assumeTrue(works(List.of("bwrap", "--ro-bind", "/", "/", "--unshare-net", "--unshare-pid", "true")),
        "bubblewrap works on this machine");
    try (LlmFixture llmFixture = LlmFixture.open(WireFormat.OPENAI,
        Map.of("permissions", List.of("allow run"), "sandbox", "bubblewrap"),
        ScriptedTurn.calling("run", Map.of("command", "echo in > in; echo out > $HOME/heartbeat4j-out; "
            + "ls -d /proc/[0-9]* | wc -l > processes; cat /proc/net/dev > network; (setsid sleep 98765 &)")),
        ScriptedTurn.finishing("done", "Tried."))) {
      TestIssue worked = llmFixture.work("Try", "to get out");
      assertThat(worked).isDone();
      assertThat(llmFixture.readFile("in")).isEqualTo("in\n");
      assertThat(Path.of(System.getProperty("user.home"), "heartbeat4j-out")).doesNotExist();
      assertThat(Integer.parseInt(llmFixture.readFile("processes").strip())).isLessThan(10);
      assertThat(llmFixture.readFile("network").lines().filter(line -> line.contains(":"))).singleElement()
          .asString().contains("lo:");
      assertThat(ProcessHandle.allProcesses().map(process -> process.info().commandLine().orElse("")))
          .noneMatch(line -> line.contains("sleep 98765"));
    }
  }

  private static boolean works(List<String> command) throws Exception {
    try {
      return new ProcessBuilder(command).start().waitFor() == 0;
    } catch (java.io.IOException notThere) {
      return false;
    }
  }

  @Test
  void the_web_is_read_from_listed_hosts_only() throws Exception {
    try (RawResponseServer web = RawResponseServer.start(
        RawResponseServer.refusing(200, "Content-Type", "text/html",
            "<html><script>x()</script><b>Hello</b> there</html>"),
        RawResponseServer.refusing(302, "Location", "http://localhost:1/secret", ""));
        LlmFixture llmFixture = LlmFixture.open(WireFormat.OPENAI,
            Map.of("fetch-hosts", List.of(URI.create(web.url()).getAuthority(), "*.0.1")),
            ScriptedTurn.calling("fetch", Map.of("url", web.url())),
            ScriptedTurn.calling("fetch", Map.of("url", web.url() + "/moved"))
                .and("fetch", Map.of("url", "file:///etc/passwd"))
                .and("fetch", Map.of("url", "http://127.0.0.1.example.com/"))
                .and("fetch", Map.of("url", "http://u:p@127.0.0.1/"))
                .and("fetch", Map.of("url", "http://127.0.0.1:1/"))
                .and("fetch", Map.of("url", "http://127.0.0.1/")),
            ScriptedTurn.finishing("done", "Read it."))) {
      TestIssue worked = llmFixture.work("Read", "the page");
      assertThat(worked).isDone();
      String told = llmFixture.requests().get(2).path("messages").toString();
      assertThat(told).contains("Hello there").doesNotContain("x()")
          .contains("the host 127.0.0.1 with port 1 is not among those")
          .contains("the host 127.0.0.1 has no public address")
          .contains("the host localhost with port 1 is not among those")
          .contains("the host 127.0.0.1.example.com is not among those")
          .contains("'file:///etc/passwd' is not a plain http or https address")
          .contains("'http://u:p@127.0.0.1/' is not a plain http or https address")
          .doesNotContain("root:");
      assertThat(web.requests()).hasSize(2);
    }
  }
}
