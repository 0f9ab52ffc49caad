package io.heartbeat4j.worker.llm.tool.outside;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.mcp.client.McpClient;
import dev.langchain4j.service.tool.ToolExecutionResult;
import io.heartbeat4j.worker.llm.tool.Answer;
import io.heartbeat4j.worker.llm.tool.Arguments;
import io.heartbeat4j.worker.llm.tool.Clip;
import io.heartbeat4j.worker.llm.tool.Tool;

/** One tool of an MCP server. */
record McpTool(McpClient client, String server, ToolSpecification original) implements Tool {

  private static final int MOST = 20_000;

  @Override
  public ToolSpecification specification() {
    return ToolSpecification.builder()
        .name(server + "__" + original.name())
        .description(original.description())
        .parameters(original.parameters())
        .build();
  }

  @Override
  public Effect effect() {
    return Effect.CHANGES;
  }

  @Override
  public Answer call(Arguments arguments) {
    ToolExecutionResult result = client.executeTool(
        ToolExecutionRequest.builder().name(original.name()).arguments(arguments.json()).build());
    String text = Clip.middle(String.valueOf(result.resultText()), MOST);
    return new Answer.Data((result.isError() ? "error of the" : "answer of the") + " MCP server " + server, text);
  }
}
