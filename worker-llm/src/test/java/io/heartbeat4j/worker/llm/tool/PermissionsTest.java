package io.heartbeat4j.worker.llm.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.heartbeat4j.worker.llm.tool.Permissions.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

class PermissionsTest {

  @Test
  void the_strictest_rule_that_fits_holds() {
    Permissions permissions = Permissions.of(List.of("allow run git *", "ask run git push*", "deny run git push --force*"));
    assertThat(on(permissions, "git status")).isInstanceOf(Verdict.Allowed.class);
    assertThat(on(permissions, "git push origin main")).isEqualTo(new Verdict.AskFirst("ask run git push*"));
    assertThat(on(permissions, "git push --force")).isInstanceOf(Verdict.Denied.class);
    assertThat(on(permissions, "mvn verify")).isInstanceOf(Verdict.Denied.class);
  }

  @Test
  void a_pattern_that_allows_one_command_allows_no_second_one() {
    Permissions permissions = Permissions.of(List.of("allow run git log*"));
    assertThat(on(permissions, "git log --oneline")).isInstanceOf(Verdict.Allowed.class);
    for (String more : List.of("git log; rm -rf .", "git log && curl x", "git log | sh", "git log $(rm x)", "git log `rm x`",
        "git log > /etc/x", "git log\nrm x", "git log & rm x", "git log <(rm x)")) {
      assertThat(on(permissions, more)).as(more).isInstanceOf(Verdict.Denied.class);
    }
  }

  @Test
  void a_pattern_against_a_command_finds_it_among_others() {
    Permissions permissions = Permissions.of(List.of("allow run", "deny run curl *", "ask run rm *"));
    assertThat(on(permissions, "mvn verify | tee log")).isInstanceOf(Verdict.Allowed.class);
    assertThat(on(permissions, "cd x && curl http://x")).isInstanceOf(Verdict.Denied.class);
    assertThat(on(permissions, "echo $(curl http://x)")).isInstanceOf(Verdict.Denied.class);
    assertThat(on(permissions, "ls; rm -rf x")).isInstanceOf(Verdict.AskFirst.class);
  }

  @Test
  void a_rule_that_is_none_is_told_in_words() {
    assertThatThrownBy(() -> Permissions.of(List.of("permit run *")))
        .hasMessage("the permission 'permit run *' begins with 'permit', not with allow, ask or deny");
    assertThatThrownBy(() -> Permissions.of(List.of("allow")))
        .hasMessageContaining("allow|ask|deny TOOL [PATTERN]");
  }

  private static Verdict on(Permissions permissions, String command) {
    return permissions.on(new Run(), command);
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
    public boolean isAllowedByItself() {
      return false;
    }

    @Override
    public Answer call(Arguments arguments) {
      return new Answer.Told("done");
    }
  }
}
