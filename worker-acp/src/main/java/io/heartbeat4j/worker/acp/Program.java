package io.heartbeat4j.worker.acp;

import io.heartbeat4j.worker.WorkContext;
import io.heartbeat4j.worker.acp.agent.AgentCapabilities;
import io.heartbeat4j.worker.acp.agent.AgentCommand;
import io.heartbeat4j.worker.agent.command.ProcessEnvironment;
import io.heartbeat4j.worker.agent.command.WorkspaceShell;
import io.heartbeat4j.worker.process.RunAs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The agent's program as the settings have it run.
 *
 * @param user with whose rights it runs, where they are not the host's
 * @param host the host's variables
 */
record Program(AcpSettings settings, Preset preset, Optional<RunAs> user, Map<String, String> host) {

  /** @param id no other program that runs at the same time has it */
  AgentCommand command(Path workspace, Path scratch, String id) {
    List<String> line = new ArrayList<>(WorkspaceShell.filled(settings.sandbox(), workspace, scratch));
    line.addAll(preset.command());
    return new AgentCommand(settings.programName(), behindUser(line), workspace, variables(), id,
        settings.startTimeout(), settings.grace());
  }

  /** Whether the host reads and writes files for it: with another user's rights it does so itself, as that user. */
  boolean sharesFiles() {
    return user.isEmpty();
  }

  /** The way to log in that the settings or the preset name, where the program offers it. */
  Optional<String> authMethod(AgentCapabilities capabilities) {
    return settings.authMethod().or(preset::authMethod).filter(capabilities.authMethods()::contains);
  }

  private List<String> behindUser(List<String> line) {
    return user.map(other -> other.commandLine(line)).orElse(line);
  }

  private Map<String, String> variables() {
    List<String> inherit = new ArrayList<>(preset.inherit());
    inherit.addAll(settings.inherit());
    Map<String, String> more = new HashMap<>(preset.environment());
    settings.model().ifPresent(model -> preset.modelVariable().ifPresent(name -> more.put(name, model)));
    more.putAll(settings.environment());
    settings.secrets().forEach((name, value) -> more.put(name, value.reveal()));
    return ProcessEnvironment.of(host, inherit, more, Set.of()).variables();
  }

  /** For the checks: without what the program logs in with. */
  WorkspaceShell shell(WorkContext context, Path workspace) {
    return new WorkspaceShell(context, workspace,
        ProcessEnvironment.of(host, List.of(), settings.environment(), Set.of()), behindUser(settings.sandbox()));
  }
}
