/** The operator's rules for what a model may do. */
@NullMarked
package io.heartbeat4j.worker.agent.permission;

import org.jspecify.annotations.NullMarked;
