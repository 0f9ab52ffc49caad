/** The {@code heartbeat} command: one-shot heartbeats, the host, the demo, and commands for operators. */
@NullMarked
package io.heartbeat4j.cli;

import org.jspecify.annotations.NullMarked;
