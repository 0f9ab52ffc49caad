/** The agent's program: its process, and the methods of the protocol. */
@NullMarked
package io.heartbeat4j.worker.acp.agent;

import org.jspecify.annotations.NullMarked;
