package io.heartbeat4j.worker.agent.verify;

import io.heartbeat4j.worker.agent.command.WorkspaceShell;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** What git says of the workspace. */
final class WorkspaceChanges {

  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final int MOST_LINES = 40;
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40,64}");

  private WorkspaceChanges() {}

  /** The commit that is checked out; empty without a repository or a commit. */
  static String head(WorkspaceShell shell) throws IOException, InterruptedException {
    return git(shell, "rev-parse --verify --quiet HEAD").strip();
  }

  /** @param since a commit, or nothing where it was not a repository */
  static String describe(WorkspaceShell shell, String since) throws IOException, InterruptedException {
    if (!COMMIT.matcher(since).matches()) { // it comes from a file
      return "**Changed**: not known, the workspace was no git repository with a commit";
    }
    List<String> files = git(shell, "diff --no-ext-diff --no-textconv --no-color --stat=100 " + since + " -- .").lines()
        .toList();
    List<String> untracked = git(shell, "ls-files --others --exclude-standard").lines().map(file -> " new: " + file)
        .toList();
    String all = List.of(untracked, files).stream().flatMap(List::stream).limit(MOST_LINES)
        .map(line -> line.replace('`', '\'') + "\n")
        .reduce("", String::concat);
    int more = files.size() + untracked.size() - MOST_LINES;
    String head = head(shell);
    return "**Changed** since `" + shortened(since) + "`, on branch `"
        + git(shell, "rev-parse --abbrev-ref HEAD").strip() + "`, "
        + (head.equals(since) ? "not committed" : "committed up to `" + shortened(head) + "`") + ":"
        + (all.isEmpty() ? " nothing" : "\n\n```\n" + all + (more > 0 ? " and " + more + " more\n" : "") + "```");
  }

  private static String shortened(String commit) {
    return commit.substring(0, Math.min(10, commit.length()));
  }

  // the output; empty where git fails or is not there
  private static String git(WorkspaceShell shell, String arguments) throws IOException, InterruptedException {
    WorkspaceShell.Result result = shell.runQuietly("git --no-optional-locks --no-pager " + arguments + " 2>/dev/null",
        LONGEST);
    return result.exitCode() == 0 ? result.output() : "";
  }
}
