package io.heartbeat4j.worker.shell;

import io.heartbeat4j.worker.Default;
import io.heartbeat4j.worker.Doc;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The settings of the shell worker. */
record ShellSettings(
    @Doc("needed: the program and its arguments; with shell: true one line for sh -c") List<String> command,
    @Doc("runs the command's only element with sh -c") @Default("false") boolean shell,
    @Doc("what the command prints: text, or the events of an agent's program: claude (-p --output-format stream-json"
            + " --verbose) or codex (exec --json)")
        @Default("text") OutputFormat output,
    @Doc("the directory to work in; by default what the server prepared, else a scratch directory")
        Optional<Path> workspace,
    @Doc("ends the command after this time; 0 means never") @Default("1h") Duration timeout,
    @Doc("ends the command after this time without output; 0 means never") @Default("0") Duration noOutputTimeout,
    @Doc("between the request to end and the kill") @Default("5s") Duration grace,
    @Doc("variables for the command") Map<String, String> environment,
    @Doc("variables that the command inherits, beside PATH, HOME, USER, SHELL, LANG, LC_ALL, TZ and TMPDIR")
        List<String> inherit,
    @Doc("lets the command see PAPERCLIP_API_KEY; it could then act behind the protocol's back")
        @Default("false") boolean passApiKey,
    @Doc("how many characters of output are kept for the comment") @Default("16000") int maxOutput,
    @Doc("how many lines of output are shown as progress") @Default("2000") int maxProgressLines) {

  ShellSettings {
    if (command.isEmpty() || command.get(0).isBlank()) {
      throw new IllegalArgumentException("command is missing: a list such as [\"./work.sh\", \"--fast\"]");
    }
    if (shell && command.size() != 1) {
      throw new IllegalArgumentException("with shell: true, command is one line; it has " + command.size() + " elements");
    }
    if (maxOutput < 100 || maxProgressLines < 0) {
      throw new IllegalArgumentException("max-output is at least 100, max-progress-lines at least 0");
    }
  }

  List<String> commandLine() {
    return shell ? List.of("sh", "-c", command.get(0)) : command;
  }
}
