package io.heartbeat4j.worker.agent.worktree;

import io.heartbeat4j.worker.DefaultValue;
import io.heartbeat4j.worker.Description;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where the branches of issues begin, lie and go. */
public record WorktreeSettings(
    @Description("the branch or commit of the workspace's repository that an issue's branch begins at") @DefaultValue("HEAD") String base,
    @Description("where the working trees are; by default beside the workspace, in <name>-worktrees") Optional<Path> directory,
    @Description("commands that publish the branch of a done issue, such as 'git push -u origin {branch}'; {branch}, {base} and {issue} are filled in") List<String> publish) {

  public WorktreeSettings {
    if (!base.matches("[A-Za-z0-9_][A-Za-z0-9._/@~^-]*")) {
      throw new IllegalArgumentException("worktree.base is the name of a branch or commit, not '" + base + "'");
    }
    publish = List.copyOf(publish);
  }
}
