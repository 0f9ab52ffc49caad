/** Many agents in one JVM: {@link io.heartbeat4j.host.AgentHost} takes wakes in and runs a heartbeat for each. */
@NullMarked
package io.heartbeat4j.host;

import org.jspecify.annotations.NullMarked;
