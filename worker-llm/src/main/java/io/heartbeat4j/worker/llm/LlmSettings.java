package io.heartbeat4j.worker.llm;

import io.heartbeat4j.worker.Default;
import io.heartbeat4j.worker.Doc;
import io.heartbeat4j.worker.llm.loop.Limits;
import io.heartbeat4j.worker.llm.provider.ModelSettings;
import io.heartbeat4j.worker.llm.tool.outside.McpServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The settings of the llm worker. */
public record LlmSettings(
    @Doc("the provider, its model and its key") ModelSettings model,
    @Doc("the directory to work in; by default what the server prepared, else a scratch directory")
        Optional<Path> workspace,
    @Doc("files with the agent's instructions, in the workspace or absolute; by default AGENTS.md where there is one")
        List<Path> instructions,
    @Doc("rules such as 'allow run mvn *', 'ask run git push*', 'deny write secrets/**'") List<String> permissions,
    @Doc("when the work has to stop: steps, tokens, usd, time, repeats") @Default("{}") Limits limits,
    @Doc("US dollars per million tokens, by model: 'input, cached input, output'; adds to the built-in table")
        Map<String, String> prices,
    @Doc("what stands before every command, such as bwrap; {workspace} and {scratch} are filled in")
        List<String> sandbox,
    @Doc("variables for commands and MCP servers") Map<String, String> environment,
    @Doc("variables that commands and MCP servers inherit, beside PATH, HOME, USER, LANG and the like")
        List<String> inherit,
    @Doc("the longest that one command may take") @Default("10m") Duration commandTimeout,
    @Doc("hosts that fetch may ask, such as docs.example.com or *.example.com; none turns it off")
        List<String> fetchHosts,
    @Doc("MCP servers, each with name and command or url") List<McpServer> mcp,
    @Doc("takes 'done' from a model that used no tool; otherwise a person is asked to look")
        @Default("false") boolean trustAnswers,
    @Doc("the transcript of an issue starts anew beyond this size in bytes") @Default("4000000") int memorySize,
    @Doc("and after this time") @Default("14d") Duration memoryAge) {}
