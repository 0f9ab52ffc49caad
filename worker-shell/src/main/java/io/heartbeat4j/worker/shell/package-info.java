/** A worker that runs a command: the bridge to any program that can read JSON or just exit. */
@NullMarked
package io.heartbeat4j.worker.shell;

import org.jspecify.annotations.NullMarked;
