package io.heartbeat4j.worker.acp.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.worker.agent.ToolCallException;
import java.util.List;

/** The tools of one run. Thread-safe. */
public interface McpTools {

  List<McpTool> tools();

  /**
   * Does a call, and returns what the model is told.
   *
   * @throws ToolCallException if it can't be done, in words for the model
   */
  String call(String name, JsonNode arguments) throws ToolCallException;
}
