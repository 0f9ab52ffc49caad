package io.heartbeat4j.worker.agent.worktree;

import io.heartbeat4j.worker.agent.command.WorkspaceShell;
import java.io.IOException;
import java.util.List;

/**
 * The branches of issues that are done, and that somebody has merged into the base: they and their working trees are
 * removed. A branch that has a newer commit, or a tree with changes, stays.
 *
 * @param current the branch that is about to be used
 */
record MergedBranches(WorkspaceShell repository, String base, String current) {

  static String doneKey(String branch) {
    return "branch." + branch + ".heartbeatdone";
  }

  void remove() throws IOException, InterruptedException {
    List<String> merged = IssueWorktree
        .git(repository, "for-each-ref --format='%(refname:short) %(worktreepath)' --merged "
            + base + " refs/heads/heartbeat/")
        .lines().toList();
    for (String line : merged) {
      int space = line.indexOf(' ');
      String branch = line.substring(0, space);
      String tree = line.substring(space + 1);
      if (!branch.equals(current) && IssueWorktree.succeeds(repository, "config --get " + doneKey(branch))
          && (tree.isEmpty() || IssueWorktree.succeeds(repository, "worktree remove " + IssueWorktree.quoted(tree)))) {
        IssueWorktree.succeeds(repository, "branch -D " + branch); // where another host was faster, it is gone
      }
    }
  }
}
