/** JSON-RPC 2.0 over lines, as the Agent Client Protocol has it: both sides ask and answer. */
@NullMarked
package io.heartbeat4j.worker.acp.rpc;

import org.jspecify.annotations.NullMarked;
