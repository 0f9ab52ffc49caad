/** The tools that the agent's program is given, as an MCP server on loopback. */
@NullMarked
package io.heartbeat4j.worker.acp.mcp;

import org.jspecify.annotations.NullMarked;
