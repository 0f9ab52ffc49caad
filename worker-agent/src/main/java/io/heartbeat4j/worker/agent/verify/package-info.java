/** Checks of the model's work that the runtime runs itself, and what they show. */
@NullMarked
package io.heartbeat4j.worker.agent.verify;

import org.jspecify.annotations.NullMarked;
