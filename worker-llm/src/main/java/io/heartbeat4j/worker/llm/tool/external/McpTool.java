package io.heartbeat4j.worker.llm.tool.external;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.mcp.client.McpClient;
import dev.langchain4j.service.tool.ToolExecutionResult;
import io.heartbeat4j.worker.agent.TextTruncator;
import io.heartbeat4j.worker.llm.tool.Tool;
import io.heartbeat4j.worker.llm.tool.ToolArguments;
import io.heartbeat4j.worker.llm.tool.ToolResult;

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
  public boolean changesFiles() {
    return true;
  }

  @Override
  public ToolResult call(ToolArguments toolArguments) {
    ToolExecutionResult result = client.executeTool(
        ToolExecutionRequest.builder().name(original.name()).arguments(toolArguments.json()).build());
    String text = TextTruncator.cutMiddle(String.valueOf(result.resultText()), MOST);
    return new ToolResult.UntrustedText((result.isError() ? "error of the" : "answer of the") + " MCP server " + server,
        text);
  }
}
