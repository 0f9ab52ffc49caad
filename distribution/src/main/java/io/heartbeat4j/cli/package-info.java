/** The {@code heartbeat} command: one-shot heartbeats, the demo, and what an operator needs to set it up. */
@NullMarked
package io.heartbeat4j.cli;

import org.jspecify.annotations.NullMarked;
