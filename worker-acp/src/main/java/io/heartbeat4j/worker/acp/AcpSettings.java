package io.heartbeat4j.worker.acp;

import io.heartbeat4j.worker.DefaultValue;
import io.heartbeat4j.worker.Description;
import io.heartbeat4j.worker.Secret;
import io.heartbeat4j.worker.agent.ModelPriceTable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The settings of the acp worker. */
public record AcpSettings(
    @Description("the agent's program: claude, codex, gemini, qwen, opencode or goose") Optional<String> agent,
    @Description("or the command of any other program that speaks the Agent Client Protocol; with agent, instead of its usual command") List<String> command,
    @Description("the model; by default the program's own choice") Optional<String> model,
    @Description("the directory to work in; by default what the server prepared, else a scratch directory") Optional<Path> workspace,
    @Description("files with the agent's instructions, in the workspace or absolute; by default AGENTS.md where there is one") List<Path> instructions,
    @Description("rules such as 'allow run mvn *', 'ask run git push*', 'deny write secrets/**', for what the program asks permission for") List<String> permissions,
    @Description("the session's mode; by default the one in which the program asks for permission, where that is known") Optional<String> mode,
    @Description("the program's way to log in, as authenticate has it") Optional<String> authMethod,
    @Description("what stands before the program and the checks, such as bwrap; {workspace} and {scratch} are filled in") List<String> sandbox,
    @Description("the user to run the program and the checks as") Optional<String> runAs,
    @Description("variables for the program and the checks") Map<String, String> environment,
    @Description("variables that the program inherits, beside PATH, HOME, USER, LANG and those that it logs in with") List<String> inherit,
    @Description("secret variables for the program alone, such as ANTHROPIC_API_KEY") Map<String, Secret> secrets,
    @Description("US dollars per million tokens, by model: 'input, cached input, output', for a program that tells no cost; 'default' where no model is set") Map<String, String> prices,
    @Description("commands that check the work before it is done, run by the runtime; by default what the project's files tell of and the permissions allow, 'none' turns it off") List<String> verify,
    @Description("how often red checks go back to the agent") @DefaultValue("2") int corrections,
    @Description("the longest that one check may take") @DefaultValue("10m") Duration commandTimeout,
    @Description("takes 'done' from an agent that used no tool; otherwise a person is asked to look") @DefaultValue("false") boolean trustAnswers,
    @Description("the longest that the program may take to start, and to open a session") @DefaultValue("60s") Duration startTimeout,
    @Description("the time that a cancelled turn has to end, and between SIGTERM and the kill") @DefaultValue("5s") Duration grace,
    @Description("a session is gone on with for this time after it began") @DefaultValue("14d") Duration sessionAge) {

  public AcpSettings {
    if (agent.isEmpty() && command.isEmpty()) {
      throw new IllegalArgumentException("needs either agent, such as claude, or command");
    }
    ModelPriceTable.onlyOf(prices);
  }

  /** What the program is called in messages, and what its account is named by. */
  String programName() {
    return agent.orElseGet(() -> String.valueOf(Path.of(command.get(0)).getFileName()));
  }

  Preset preset() {
    Preset known = agent.map(Preset::named).orElseGet(() -> Preset.of(command));
    return command.isEmpty() ? known
        : new Preset(command, known.install(), known.login(), known.authMethod(), known.mode(), known.modelVariable(),
            known.environment(), known.inherit());
  }
}
