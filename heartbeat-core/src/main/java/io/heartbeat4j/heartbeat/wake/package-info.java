/** Why an agent was woken, and what its run may do. */
@NullMarked
package io.heartbeat4j.heartbeat.wake;

import org.jspecify.annotations.NullMarked;
