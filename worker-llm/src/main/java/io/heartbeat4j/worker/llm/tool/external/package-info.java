/** What reaches out of the plugin: commands, the web, MCP servers. */
@NullMarked
package io.heartbeat4j.worker.llm.tool.external;

import org.jspecify.annotations.NullMarked;
