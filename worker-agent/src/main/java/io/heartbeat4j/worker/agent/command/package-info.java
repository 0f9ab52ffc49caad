/** Commands in the workspace: their variables, output and time limits. */
@NullMarked
package io.heartbeat4j.worker.agent.command;

import org.jspecify.annotations.NullMarked;
