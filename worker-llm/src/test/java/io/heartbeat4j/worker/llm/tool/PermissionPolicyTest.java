package io.heartbeat4j.worker.llm.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.heartbeat4j.worker.llm.tool.PermissionPolicy.Verdict;
import java.util.List;
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

  private static Verdict on(PermissionPolicy permissionPolicy, String command) {
    return permissionPolicy.decide(new Run(), command);
  }

  private record Run() implements Tool {
    @Override
    public ToolSpecification specification() {
      return ToolSpecification.builder().name("run").build();
    }

    @Override
    public Effect effect() {
      return Effect.CHANGES;
    }

    @Override
    public boolean isAllowedByDefault() {
      return false;
    }

    @Override
    public ToolResult call(ToolArguments toolArguments) {
      return new ToolResult.TrustedText("done");
    }
  }
}
