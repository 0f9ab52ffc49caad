package io.heartbeat4j.worker.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CommandEnvironmentTest {

  private static final Map<String, String> HOST = Map.of(
      "PATH", "/bin", "LANG", "C", "EDITOR", "vi", "CARGO_HOME", "/cargo",
      "PAPERCLIP_API_KEY", "the key", "PAPERCLIP_RUNTIME_TOOLS_TOKEN", "the other key",
      "PAPERCLIP_API_URL", "http://localhost:3100", "PAPERCLIP_WAKE_REASON", "issue_assigned",
      "HEARTBEAT_WORKER_COMMAND", "secret plans");

  private final FakeWorkContext context = new FakeWorkContext(Path.of("."));

  private Map<String, String> variables(List<String> inherit, boolean passApiKey, Map<String, String> environment) {
    return CommandEnvironment.of(HOST, new ShellSettings(List.of("true"), false, OutputFormat.TEXT, Optional.empty(),
        Duration.ZERO, Duration.ZERO, Duration.ZERO, environment, inherit, passApiKey, 16_000, 0, Map.of(),
        Optional.empty()), context,
        Map.of("OWN", "own"));
  }

  @Test
  void a_command_sees_the_allowed_variables_and_what_the_issue_is_about_and_nothing_else() {
    assertThat(variables(List.of(), false, Map.of())).containsOnlyKeys(
        "PATH", "LANG", "PAPERCLIP_API_URL", "PAPERCLIP_WAKE_REASON", "PAPERCLIP_AGENT_ID", "PAPERCLIP_COMPANY_ID",
        "PAPERCLIP_RUN_ID", "PAPERCLIP_TASK_ID", "OWN")
        .containsEntry("PAPERCLIP_TASK_ID", context.issue().id().toString())
        .containsEntry("PAPERCLIP_RUN_ID", context.run().id().toString());
  }

  @Test
  void further_variables_are_inherited_by_name() {
    assertThat(variables(List.of("CARGO_HOME", "NOT_SET"), false, Map.of()))
        .containsEntry("CARGO_HOME", "/cargo").doesNotContainKeys("EDITOR", "NOT_SET");
  }

  @Test
  void a_key_is_never_inherited_by_name() {
    assertThat(variables(List.of("PAPERCLIP_API_KEY", "PAPERCLIP_RUNTIME_TOOLS_TOKEN"), false, Map.of()).values())
        .doesNotContain("the key", "the other key");
  }

  @Test
  void the_api_key_is_passed_on_only_where_the_settings_say_so() {
    assertThat(variables(List.of(), true, Map.of()))
        .containsEntry("PAPERCLIP_API_KEY", "the key").doesNotContainKey("PAPERCLIP_RUNTIME_TOOLS_TOKEN");
  }

  @Test
  void configured_variables_win_over_inherited_ones_but_not_over_the_workers_own() {
    assertThat(variables(List.of(), false, Map.of("LANG", "de", "OWN", "theirs", "NEW", "new")))
        .containsEntry("LANG", "de").containsEntry("NEW", "new").containsEntry("OWN", "own");
  }
}
