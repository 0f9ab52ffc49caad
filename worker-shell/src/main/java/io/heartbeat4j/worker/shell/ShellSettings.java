package io.heartbeat4j.worker.shell;

import io.heartbeat4j.worker.DefaultValue;
import io.heartbeat4j.worker.Description;
import io.heartbeat4j.worker.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The settings of the shell worker. */
record ShellSettings(
    @Description("needed: the program and its arguments; with shell: true one line for sh -c") List<String> command,
    @Description("runs the command's only element with sh -c") @DefaultValue("false") boolean shell,
    @Description("what the command prints: text, or the events of an agent's program: claude (-p --output-format stream-json"
        + " --verbose) or codex (exec --json)") @DefaultValue("text") OutputFormat output,
    @Description("the directory to work in; by default what the server prepared, else a scratch directory") Optional<Path> workspace,
    @Description("ends the command after this time; 0 means never") @DefaultValue("1h") Duration timeout,
    @Description("ends the command after this time without output; 0 means never") @DefaultValue("0") Duration noOutputTimeout,
    @Description("between the request to end and the kill") @DefaultValue("5s") Duration grace,
    @Description("variables for the command") Map<String, String> environment,
    @Description("variables that the command inherits, beside PATH, HOME, USER, SHELL, LANG, LC_ALL, TZ and TMPDIR") List<String> inherit,
    @Description("lets the command see PAPERCLIP_API_KEY; it could then act behind the protocol's back") @DefaultValue("false") boolean passApiKey,
    @Description("how many characters of output are kept for the comment") @DefaultValue("16000") int maxOutput,
    @Description("how many lines of output are shown as progress") @DefaultValue("2000") int maxProgressLines,
    @Description("secrets for the command, by name: each is a file that only it can read, in HEARTBEAT_SECRETS_DIR") Map<String, Secret> secrets,
    @Description("the user to run the command as, by setpriv; heartbeat needs root's rights for it") Optional<String> runAs) {

  ShellSettings {
    if (command.isEmpty() || command.get(0).isBlank()) {
      throw new IllegalArgumentException("command is missing: a list such as [\"./work.sh\", \"--fast\"]");
    }
    if (shell && command.size() != 1) {
      throw new IllegalArgumentException(
          "with shell: true, command is one line; it has " + command.size() + " elements");
    }
    secrets.keySet().stream().filter(name -> !name.matches("[A-Za-z0-9_][A-Za-z0-9_.-]*")).forEach(name -> {
      throw new IllegalArgumentException("secrets: '" + name + "' can't be the name of a file");
    });
    if (maxOutput < 100 || maxProgressLines < 0) {
      throw new IllegalArgumentException("max-output is at least 100, max-progress-lines at least 0");
    }
  }

  List<String> commandLine() {
    return shell ? List.of("sh", "-c", command.get(0)) : command;
  }
}
