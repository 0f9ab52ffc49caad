package io.heartbeat4j.worker.llm.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.heartbeat4j.worker.llm.tool.PermissionPolicy.Verdict;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PermissionPolicyTest {

  @Test
  void the_strictest_rule_that_fits_holds() {
    PermissionPolicy permissionPolicy = PermissionPolicy
        .of(List.of("allow run git *", "ask run git push*", "deny run git push --force*"));
    assertThat(on(permissionPolicy, "git status")).isInstanceOf(Verdict.Allowed.class);
    assertThat(on(permissionPolicy, "git push origin main")).isEqualTo(new Verdict.AskFirst("ask run git push*"));
    assertThat(on(permissionPolicy, "git push --force")).isInstanceOf(Verdict.Denied.class);
    assertThat(on(permissionPolicy, "mvn verify")).isInstanceOf(Verdict.Denied.class);
  }

  @Test
  void a_pattern_that_allows_one_command_allows_no_second_one() {
    PermissionPolicy permissionPolicy = PermissionPolicy.of(List.of("allow run git log*"));
    assertThat(on(permissionPolicy, "git log --oneline")).isInstanceOf(Verdict.Allowed.class);
    for (String more : List.of("git log; rm -rf .", "git log && curl x", "git log | sh", "git log $(rm x)",
        "git log `rm x`",
        "git log > /etc/x", "git log\nrm x", "git log & rm x", "git log <(rm x)")) {
      assertThat(on(permissionPolicy, more)).as(more).isInstanceOf(Verdict.Denied.class);
    }
  }

  @Test
  void a_pattern_against_a_command_finds_it_among_others() {
    PermissionPolicy permissionPolicy = PermissionPolicy.of(List.of("allow run", "deny run curl *", "ask run rm *"));
    assertThat(on(permissionPolicy, "mvn verify | tee log")).isInstanceOf(Verdict.Allowed.class);
    assertThat(on(permissionPolicy, "cd x && curl http://x")).isInstanceOf(Verdict.Denied.class);
    assertThat(on(permissionPolicy, "echo $(curl http://x)")).isInstanceOf(Verdict.Denied.class);
    assertThat(on(permissionPolicy, "ls; rm -rf x")).isInstanceOf(Verdict.AskFirst.class);
  }

  @Test
  void a_rule_that_is_none_is_told_in_words() {
    assertThatThrownBy(() -> PermissionPolicy.of(List.of("permit run *")))
        .hasMessage("the permission 'permit run *' begins with 'permit', not with allow, ask or deny");
    assertThatThrownBy(() -> PermissionPolicy.of(List.of("allow")))
        .hasMessageContaining("allow|ask|deny TOOL [PATTERN]");
  }

  @Test
  void what_instructs_agents_is_written_only_where_a_rule_names_it() {
    for (String file : List.of("AGENTS.md", "CLAUDE.md", "agents.md", "a/b/AGENTS.md", "docs/agent.txt")) {
      for (List<String> rules : List.of(List.<String>of(), List.of("allow write"),
          List.of("allow * *", "allow write *.md"),
          List.of("allow write NOT-AGENTS.md", "allow read " + file, "allow write docs/*"))) {
        assertThat(
            PermissionPolicy.of(rules).withInstructions(Set.of("docs/agent.txt")).decide(new Named("write"), file))
            .as(file + rules).isInstanceOf(Verdict.Denied.class);
      }
      PermissionPolicy named = PermissionPolicy.of(List.of("allow write " + file, "ask edit *" + file))
          .withInstructions(Set.of("docs/agent.txt"));
      assertThat(named.decide(new Named("write"), file)).as(file).isInstanceOf(Verdict.Allowed.class);
      assertThat(named.decide(new Named("edit"), file)).as(file).isInstanceOf(Verdict.AskFirst.class);
      assertThat(named.decide(new Named("read"), file)).as(file).isInstanceOf(Verdict.Allowed.class);
    }
    assertThat(PermissionPolicy.of(List.of("allow write AGENTS.md", "deny write *")).decide(new Named("write"),
        "AGENTS.md")).isInstanceOf(Verdict.Denied.class);
    assertThat(PermissionPolicy.of(List.of()).decide(new Named("write"), "AGENTS.md.txt"))
        .isInstanceOf(Verdict.Allowed.class);
  }

  private static Verdict on(PermissionPolicy permissionPolicy, String command) {
    return permissionPolicy.decide(new Named("run"), command);
  }

  private record Named(String tool) implements Tool {
    @Override
    public ToolSpecification specification() {
      return ToolSpecification.builder().name(tool).build();
    }

    @Override
    public Effect effect() {
      return Effect.CHANGES;
    }

    @Override
    public boolean isAllowedByDefault() {
      return !tool.equals("run");
    }

    @Override
    public ToolResult call(ToolArguments toolArguments) {
      return new ToolResult.TrustedText("done");
    }
  }
}
