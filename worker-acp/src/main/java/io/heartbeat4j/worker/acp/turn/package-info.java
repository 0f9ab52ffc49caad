/** What happens in a turn: updates, permissions, files, usage, and the result. */
@NullMarked
package io.heartbeat4j.worker.acp.turn;

import org.jspecify.annotations.NullMarked;
