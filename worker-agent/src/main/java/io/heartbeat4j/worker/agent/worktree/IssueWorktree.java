package io.heartbeat4j.worker.agent.worktree;

import io.heartbeat4j.worker.Question;
import io.heartbeat4j.worker.ReviewPath;
import io.heartbeat4j.worker.SettingsException;
import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.WorkResult;
import io.heartbeat4j.worker.agent.TextTruncator;
import io.heartbeat4j.worker.agent.command.ProcessEnvironment;
import io.heartbeat4j.worker.agent.command.WorkspaceShell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The working tree of one issue, on the branch {@code heartbeat/<issue>} of the operator's repository. The work of
 * several issues goes on side by side and does not meet before a person merges it. What the worker leaves uncommitted is
 * committed here, in the agent's name; the branch of a done issue is published by the operator's commands. For one
 * thread.
 */
public final class IssueWorktree {

  private static final String PREFIX = "heartbeat/";
  private static final Duration LONGEST = Duration.ofMinutes(10);
  private static final int MOST_OUTPUT = 2000;

  private final WorkContext context;
  private final WorktreeSettings settings;
  private final String branch;
  private final WorkspaceShell tree;
  private final List<String> notes;

  private IssueWorktree(WorkContext context, WorktreeSettings settings, String branch, WorkspaceShell tree,
      List<String> notes) {
    this.context = context;
    this.settings = settings;
    this.branch = branch;
    this.tree = tree;
    this.notes = notes;
  }

  /**
   * The issue's working tree: the one of an earlier heartbeat, or a new one. Trees of issues that are done and whose
   * branch is merged are removed.
   *
   * @param repository a working tree of the operator's repository
   * @throws SettingsException if it is none, or has no such base
   */
  public static IssueWorktree open(WorkContext context, Path repository, WorktreeSettings settings,
      ProcessEnvironment environment) throws IOException, InterruptedException {
    WorkspaceShell main = new WorkspaceShell(context, repository, environment, List.of());
    if (!succeeds(main, "rev-parse --is-inside-work-tree")) {
      throw new SettingsException("worktree: " + repository + " is no working tree of a git repository");
    }
    if (!succeeds(main, "rev-parse --verify --quiet " + settings.base() + "^{commit}")) {
      throw new SettingsException("worktree.base: the repository " + repository + " has no '" + settings.base() + "'");
    }
    String name = context.issue().label().replaceAll("[^A-Za-z0-9_-]", "-");
    String branch = PREFIX + name;
    Path trees = settings.directory().orElseGet(() -> repository.resolveSibling(repository.getFileName()
        + "-worktrees"));
    Path directory = trees.resolve(name);
    new MergedBranches(main, settings.base(), branch).remove();
    if (!Files.exists(directory.resolve(".git"))) {
      Files.createDirectories(trees);
      git(main, "worktree prune");
      git(main, "worktree add " + (succeeds(main, "show-ref --verify --quiet refs/heads/" + branch)
          ? quoted(directory.toString()) + " " + branch
          : "-b " + branch + " " + quoted(directory.toString()) + " " + settings.base()));
    }
    succeeds(main, "config --unset " + MergedBranches.doneKey(branch));
    context.run().reportProgress("branch " + branch + " in " + directory);
    return new IssueWorktree(context, settings, branch,
        new WorkspaceShell(context, directory, environment, List.of()), notes(main, settings.base(), branch));
  }

  private static List<String> notes(WorkspaceShell main, String base, String branch)
      throws IOException, InterruptedException {
    List<String> notes = new ArrayList<>();
    if (!git(main, "status --porcelain --untracked-files=no").isBlank()) {
      notes.add("the uncommitted changes of `" + main.workspace() + "` are not part of the branch");
    }
    String behind = git(main, "rev-list --count " + branch + ".." + base).strip();
    if (!behind.equals("0")) {
      notes.add("`" + base + "` has " + behind + " newer commit(s)"
          + (succeeds(main, "merge-tree --write-tree " + base + " " + branch) ? "" : ", and the two conflict"));
    }
    return notes;
  }

  public Path directory() {
    return tree.workspace();
  }

  /**
   * Commits what the work has left, and publishes the branch where the issue is done.
   *
   * @param report for the issue's comment
   */
  public record Closed(WorkResult result, String report) {}

  /** Ends the work. A done issue whose branch could not be committed or published goes to a person. */
  public Closed close(WorkResult result) throws IOException, InterruptedException {
    if (context.isReadOnly()) {
      return new Closed(result, "");
    }
    Optional<String> problem = commit();
    if (!(result instanceof WorkResult.Done done)) {
      return new Closed(result, report(problem.orElse("not published before the issue is done")));
    }
    problem = problem.isPresent() ? problem : publish();
    if (problem.isPresent()) {
      return new Closed(new WorkResult.NeedsReview(done.summary(), new ReviewPath.Card(new Question.Confirmation(
          "The branch " + branch + " is not published. Is the work to be taken as it is?")), done.delegations()),
          report(problem.get()));
    }
    git(tree, "config " + MergedBranches.doneKey(branch) + " true");
    return new Closed(result, report(settings.publish().isEmpty() ? "not published (see the setting `worktree.publish`)"
        : "published by "
            + String.join(", ", settings.publish().stream().map(each -> "`" + filled(each) + "`").toList())));
  }

  private String report(String published) {
    List<String> facts = new ArrayList<>(List.of(published));
    facts.addAll(notes);
    return "**Branch** `" + branch + "`, begun at `" + settings.base() + "`: " + String.join("; ", facts);
  }

  // the reason why there is no commit
  private Optional<String> commit() throws IOException, InterruptedException {
    Path message = context.workspace().scratchDirectory().resolve("commit-message");
    Files.writeString(message, context.issue().label() + ": "
        + context.issue().title().replaceAll("\\s+", " ") + "\n");
    String identity = "-c user.name=" + quoted(context.company().self().name().replaceAll("[\\s<>]+", " "))
        + " -c user.email=" + quoted(context.company().self().id() + "@heartbeat4j.invalid");
    WorkspaceShell.Result committed = tree.runQuietly("git add -A && { git diff --cached --quiet || git " + identity
        + " commit --quiet --no-verify --cleanup=whitespace -F " + quoted(message.toString()) + "; }", LONGEST);
    return committed.exitCode() == 0 ? Optional.empty()
        : Optional.of("**not committed**, " + committed.ending() + described(committed));
  }

  private Optional<String> publish() throws IOException, InterruptedException {
    for (String command : settings.publish()) {
      context.run().reportProgress("publish: " + filled(command));
      WorkspaceShell.Result result = tree.run(filled(command), LONGEST);
      if (result.exitCode() != 0) {
        return Optional.of("**not published**, `" + filled(command) + "`: " + result.ending() + described(result));
      }
    }
    return Optional.empty();
  }

  private String filled(String command) {
    return command.replace("{branch}", branch).replace("{base}", settings.base())
        .replace("{issue}", branch.substring(PREFIX.length()));
  }

  private String described(WorkspaceShell.Result result) {
    String output = TextTruncator.cutMiddle(result.output().strip(), MOST_OUTPUT).replace("```", "'''");
    return output.isEmpty() ? "" : "\n\n```\n" + context.run().redact(output) + "\n```\n\n";
  }

  static boolean succeeds(WorkspaceShell shell, String arguments) throws IOException, InterruptedException {
    return shell.runQuietly("git " + arguments, LONGEST).exitCode() == 0;
  }

  static String git(WorkspaceShell shell, String arguments) throws IOException, InterruptedException {
    WorkspaceShell.Result result = shell.runQuietly("git " + arguments, LONGEST);
    if (result.exitCode() != 0) {
      throw new IOException("git " + arguments + ": " + result.ending() + "\n" + result.output().strip());
    }
    return result.output();
  }

  static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }
}
