package io.heartbeat4j.worker.agent.permission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heartbeat4j.worker.CheckResult;
import io.heartbeat4j.worker.agent.permission.PermissionPolicy.Verdict;
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
  void a_line_is_allowed_where_each_of_its_commands_is() {
    PermissionPolicy permissionPolicy = PermissionPolicy.of(List.of("allow run git *", "allow run head *",
        "allow run mvn *", "allow run grep *", "allow run cd *", "allow run echo *", "allow run ls"));
    for (String allowed : List.of("git log | head -5", "cd core && mvn -q verify 2>&1 | grep ERROR", "ls; ls\nls",
        "git diff || echo none >/dev/null", "echo $(git describe) $HOME \"$(ls)\"", "ls # and nothing else",
        "mvn \\\n verify", "grep 'a|b;c' x", "grep \"x && y\" x | head", "echo a>&2", "ls 2>&-")) {
      assertThat(on(permissionPolicy, allowed)).as(allowed).isInstanceOf(Verdict.Allowed.class);
    }
  }

  @Test
  void a_refusal_names_the_command_and_the_rule_that_would_allow_it() {
    PermissionPolicy permissionPolicy = PermissionPolicy.of(List.of("allow run git *"));
    assertThat(on(permissionPolicy, "git log | sed -n 1,5p | sort")).isEqualTo(
        new Verdict.Denied("`sed -n 1,5p`: no rule allows it; one such as 'allow run sed *' would"));
    assertThat(on(permissionPolicy, "git log > log.txt")).isEqualTo(
        new Verdict.Denied("`> log.txt`: no rule allows to write it; one such as 'allow write log.txt' would"));
    String remedy = "no rule allows it; one such as 'allow run sort *' would";
    assertThat(permissionPolicy.explain("git log | sort")).containsExactly(
        CheckResult.passed("git log", "allowed by 'allow run git *'"),
        CheckResult.failed("sort", "not allowed", remedy),
        CheckResult.failed("the line", "it is not run", "`sort`: " + remedy));
  }

  @Test
  void what_only_a_shell_understands_is_allowed_by_no_pattern() {
    PermissionPolicy permissionPolicy = PermissionPolicy.of(List.of("allow run echo *", "allow run for *",
        "allow run { *", "allow run ! *", "allow run cat docs/*.md", "allow run head", "allow write *",
        "allow read *"));
    for (String line : List.of("for f in a; do echo x; done", "{ echo a; }", "(echo a)", "! echo a", "echo a & echo b",
        "echo `id`", "echo <<x\nx", "echo <(id)", "echo $((1+1))", "echo ${x:-$(id)}", "echo $(id)", "$X a",
        "echo 'open",
        "echo $'\\' '; id #'", "echo #'\nid #'", "echo a\n\nid", "echo \"$(id)\"", "echo $(echo $(id))",
        "cat docs/$X.md",
        "cat docs/$(echo a).md", "cat docs/{a,/etc/x}.md", "echo a >&x", "echo a &>x", "echo a <>x", "head <$X",
        "f() { echo; }", "echo a |& echo b", "echo )", "echo $(echo", "echo \\", "/bin/e?ho a", "echo a > b*",
        "echo;id",
        "echo a > /etc/x", "echo a > ../x", "echo a > .git/hooks/x", "echo a > AGENTS.md", "cd x && echo a > y",
        "head < ~/x", "head < a/../../x", "", "  ", "# nothing", ";", "echo a;; echo b", "X=1 echo a", "echo \0",
        "echo \1"
            + "x")) {
      assertThat(on(permissionPolicy, line)).as(line).isInstanceOf(Verdict.Denied.class);
    }
    assertThat(on(permissionPolicy, "echo a > b/c.txt")).isInstanceOf(Verdict.Allowed.class);
    assertThat(on(permissionPolicy, "head < b")).isInstanceOf(Verdict.Allowed.class);
    assertThat(on(PermissionPolicy.of(List.of("allow run echo *", "allow run mvn *", "deny write b*")), "echo a > bc"))
        .isInstanceOf(Verdict.Denied.class);
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
  void a_rule_for_a_git_subcommand_allows_nothing_that_runs_or_writes_more() {
    PermissionPolicy permissionPolicy = PermissionPolicy
        .of(List.of("allow run git diff*", "allow run git log *", "allow run git grep*", "allow run git rebase*",
            "allow run git commit*"));
    for (String plain : List.of("git diff", "git diff --stat HEAD~1 -- src", "git --no-pager diff", "git log --oneline",
        "git diff -- '*.java'", "git grep -n word", "\"git\" diff", "git commit -m 'a b'")) {
      assertThat(on(permissionPolicy, plain)).as(plain).isInstanceOf(Verdict.Allowed.class);
    }
    for (String attack : List.of("git difftool -x 'sh evil'", "git difftool --extcmd=evil", "git diff --output=/tmp/x",
        "git diff --outp=/tmp/x", "git diff --output /tmp/x", "git diff --ext-diff", "git diff --textconv",
        "git -c alias.diff=!evil diff", "git -c core.pager=evil diff", "git -calias.x=!evil x", "git -C / diff",
        "git --exec-path=. diff", "git --git-dir=evil diff", "git --config-env=a=b diff", "git diff *", "git diffx",
        "git diff --no-index /dev/null /etc/passwd", "git log --output=x", "git grep -Oevil word", "git grep -nO word",
        "git grep --open-files-in-pager=evil word", "git rebase -x evil HEAD~1", "git rebase --exec evil HEAD~1",
        "git commit -F /etc/passwd", "git commit --fil=/etc/passwd", "GIT_EXTERNAL_DIFF=evil git diff", "git",
        "git diff 'open", "./git diff")) {
      assertThat(on(permissionPolicy, attack)).as(attack).isInstanceOf(Verdict.Denied.class);
    }
    PermissionPolicy anyGit = PermissionPolicy.of(List.of("allow run git *"));
    assertThat(on(anyGit, "git status")).isInstanceOf(Verdict.Allowed.class);
    assertThat(on(anyGit, "git push origin main")).isInstanceOf(Verdict.Allowed.class);
    for (String attack : List.of("git difftool -x evil", "git config alias.x !evil", "git submodule foreach evil",
        "git bisect run evil", "git filter-branch --tree-filter evil", "git clone -c a=b u", "git x")) {
      assertThat(on(anyGit, attack)).as(attack).isInstanceOf(Verdict.Denied.class);
    }
    assertThat(on(PermissionPolicy.of(List.of("allow run git diff --output=/tmp/a*", "allow run git submodule *")),
        "git diff --output=/tmp/ab")).isInstanceOf(Verdict.Allowed.class);
    assertThat(on(PermissionPolicy.of(List.of("allow run git submodule *")), "git submodule status"))
        .isInstanceOf(Verdict.Allowed.class);
  }

  @Test
  void a_rule_against_a_command_finds_it_however_it_is_written() {
    PermissionPolicy permissionPolicy = PermissionPolicy
        .of(List.of("allow run", "ask run git push*", "deny run curl *"));
    for (String spelling : List.of("git push", "git -C . push", "git -c a=b push", "git -c alias.p=push p",
        "git --git-dir .git push", "/usr/bin/git push", "g'i't push", "git \"push\" origin", "env X=1 git push",
        "X=1 git push", "sh -c 'git push'", "nice -n 5 git -C . push", "cd x && git --no-pager push",
        "xargs git push", "git  push", "git \\push", "command git push; ls", "find . -exec git push ';'",
        "sh -c \"git -C . push")) {
      assertThat(on(permissionPolicy, spelling)).as(spelling).isInstanceOf(Verdict.AskFirst.class);
    }
    for (String spelling : List.of("/usr/bin/curl x", "c\\url x", "timeout 5 curl x")) {
      assertThat(on(permissionPolicy, spelling)).as(spelling).isInstanceOf(Verdict.Denied.class);
    }
    for (String other : List.of("git pull", "git log --grep push", "echo git push", "git commit -m 'git push'",
        "npm run curl")) {
      assertThat(on(permissionPolicy, other)).as(other).isInstanceOf(Verdict.Allowed.class);
    }
  }

  @Test
  void a_rule_against_a_command_finds_it_however_the_shell_puts_it_together() {
    PermissionPolicy permissionPolicy = PermissionPolicy
        .of(List.of("allow run git *", "allow run curl *", "allow write *", "ask run git push*", "deny run curl *"));
    for (String spelling : List.of("git pu\\\nsh", "git>/dev/null push", "git 2>&1 push", "git push>log",
        "git >log push",
        "git \\\n push", "git status; 2>/dev/null git 2>&1 push", "git log # x\n git 2>&1 push")) {
      assertThat(on(permissionPolicy, spelling)).as(spelling).isInstanceOf(Verdict.AskFirst.class);
    }
    for (String spelling : List.of("cu\\\nrl x", "curl>/dev/null x", "curl 2>&1 x")) {
      assertThat(on(permissionPolicy, spelling)).as(spelling).isInstanceOf(Verdict.Denied.class);
    }
  }

  @Test
  void a_star_within_an_allowing_pattern_stays_within_its_word() {
    PermissionPolicy permissionPolicy = PermissionPolicy
        .of(List.of("allow run npm run test*", "allow run cat docs/*.md", "allow run mvn * -pl core"));
    for (String allowed : List.of("npm run test", "npm run test:unit --watch", "cat docs/a.md", "cat 'docs/a b.md'",
        "mvn -q verify -pl core")) {
      assertThat(on(permissionPolicy, allowed)).as(allowed).isInstanceOf(Verdict.Allowed.class);
    }
    for (String denied : List.of("npm run", "npm exec test", "cat docs/a.md /etc/passwd.md", "cat docs/a.md x",
        "mvn -q verify -pl other")) {
      assertThat(on(permissionPolicy, denied)).as(denied).isInstanceOf(Verdict.Denied.class);
    }
  }

  @Test
  void a_rule_that_is_none_is_told_in_words() {
    assertThatThrownBy(() -> PermissionPolicy.of(List.of("permit run *")))
        .hasMessage("permissions: 'permit run *' begins with 'permit', not with allow, ask or deny");
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
            PermissionPolicy.of(rules).withInstructions(Set.of("docs/agent.txt")).decide("write", true, file))
            .as(file + rules).isInstanceOf(Verdict.Denied.class);
      }
      PermissionPolicy named = PermissionPolicy.of(List.of("allow write " + file, "ask edit *" + file))
          .withInstructions(Set.of("docs/agent.txt"));
      assertThat(named.decide("write", true, file)).as(file).isInstanceOf(Verdict.Allowed.class);
      assertThat(named.decide("edit", true, file)).as(file).isInstanceOf(Verdict.AskFirst.class);
      assertThat(named.decide("read", true, file)).as(file).isInstanceOf(Verdict.Allowed.class);
    }
    assertThat(PermissionPolicy.of(List.of("allow write AGENTS.md", "deny write *")).decide("write", true,
        "AGENTS.md")).isInstanceOf(Verdict.Denied.class);
    assertThat(PermissionPolicy.of(List.of()).decide("write", true, "AGENTS.md.txt"))
        .isInstanceOf(Verdict.Allowed.class);
  }

  private static Verdict on(PermissionPolicy permissionPolicy, String command) {
    return permissionPolicy.decide("run", false, command);
  }
}
