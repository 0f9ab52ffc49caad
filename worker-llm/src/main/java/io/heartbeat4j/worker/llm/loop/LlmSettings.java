package io.heartbeat4j.worker.llm.loop;

import io.heartbeat4j.worker.DefaultValue;
import io.heartbeat4j.worker.Description;
import io.heartbeat4j.worker.agent.worktree.WorktreeSettings;
import io.heartbeat4j.worker.llm.provider.ModelSettings;
import io.heartbeat4j.worker.llm.tool.external.McpServerSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The settings of the llm worker. */
public record LlmSettings(
    @Description("the provider, its model and its key") ModelSettings model,
    @Description("models that stand in for it, in this order, where it gives no answer") List<ModelSettings> fallbacks,
    @Description("the directory to work in; by default what the server prepared, else a scratch directory") Optional<Path> workspace,
    @Description("gives each issue a branch and a working tree of the git repository in the workspace") Optional<WorktreeSettings> worktree,
    @Description("files with the agent's instructions, in the workspace or absolute; by default AGENTS.md where there is one") List<Path> instructions,
    @Description("rules such as 'allow run mvn *', 'ask run git push*', 'deny write secrets/**'") List<String> permissions,
    @Description("when the work has to stop: steps, tokens, usd, time, repeats") @DefaultValue("{}") AgentLoopLimits limits,
    @Description("US dollars per million tokens, by model: 'input, cached input, output'; adds to the built-in table") Map<String, String> prices,
    @Description("bubblewrap, bubblewrap-with-network, or what stands before every command; {workspace} and {scratch} are filled in") List<String> sandbox,
    @Description("variables for commands and MCP servers") Map<String, String> environment,
    @Description("variables that commands and MCP servers inherit, beside PATH, HOME, USER, LANG and the like") List<String> inherit,
    @Description("the longest that one command may take") @DefaultValue("10m") Duration commandTimeout,
    @Description("hosts that fetch may ask, such as docs.example.com or *.example.com; none turns it off") List<String> fetchHosts,
    @Description("MCP servers, each with name and command or url") List<McpServerSettings> mcp,
    @Description("commands that check the work before it is done, run by the runtime; by default what the project's files tell of and the permissions allow, 'none' turns it off") List<String> verify,
    @Description("takes 'done' from a model that used no tool; otherwise a person is asked to look") @DefaultValue("false") boolean trustAnswers,
    @Description("the transcript of an issue starts anew beyond this size in bytes") @DefaultValue("4000000") int memorySize,
    @Description("and after this time") @DefaultValue("14d") Duration memoryAge) {

  /** The model and its fallbacks. */
  public List<ModelSettings> models() {
    return Stream.concat(Stream.of(model), fallbacks.stream()).toList();
  }
}
