package io.heartbeat4j.worker.agent.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A repository that names programs for git to run, and real git. */
class GitEnvironmentTest {

  @TempDir
  Path repository;

  @Test
  void git_runs_nothing_that_a_repository_names() throws Exception {
    Map<String, String> host = Map.of("PATH", System.getenv("PATH"), "HOME", repository.toString());
    run(host, "git init -q . && echo a > f && git add f && git config user.name a && git config user.email a@b");
    Path evil = repository.resolve("evil");
    Files.writeString(evil, "#!/bin/sh\necho \"$0\" >> " + repository.resolve("ran") + "\n");
    Files.setPosixFilePermissions(evil, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path hooks = Files.createDirectories(repository.resolve(".git/hooks"));
    Files.copy(evil, hooks.resolve("pre-commit"), StandardCopyOption.COPY_ATTRIBUTES);
    run(host, "git config core.fsmonitor ./evil && git config protocol.ext.allow always");
    Map<String, String> hostile = new HashMap<>(host);
    hostile.put("GIT_EXTERNAL_DIFF", "./evil");

    String attack = "git status; git commit -q -m x; echo b > f; git diff; git ls-remote 'ext::./evil'";
    String output = run(GitEnvironment.harden(hostile), attack);
    assertThat(repository.resolve("ran")).doesNotExist();
    assertThat(output).contains("+b").contains("transport 'ext' not allowed");

    run(hostile, attack + "; git commit -q -a -m y");
    assertThat(repository.resolve("ran")).as("without it, all of them run").content()
        .contains("pre-commit").contains("evil");
  }

  @Test
  void what_the_operator_configures_stays_before_it() {
    assertThat(GitEnvironment.harden(Map.of("GIT_CONFIG_COUNT", "1", "GIT_CONFIG_KEY_0", "user.name",
        "GIT_CONFIG_VALUE_0", "Agent")))
        .containsEntry("GIT_CONFIG_COUNT", "4").containsEntry("GIT_CONFIG_KEY_0", "user.name")
        .containsEntry("GIT_CONFIG_KEY_1", "core.hooksPath").containsEntry("GIT_CONFIG_VALUE_1", "/dev/null");
    assertThat(GitEnvironment.harden(Map.of("GIT_CONFIG_COUNT", "many"))).containsEntry("GIT_CONFIG_COUNT", "3");
  }

  private String run(Map<String, String> variables, String command) throws Exception {
    return new CommandProcess(List.of("sh", "-c", command), repository, variables, 10_000, line -> {})
        .run("git", Duration.ofSeconds(30), () -> false).output();
  }
}
