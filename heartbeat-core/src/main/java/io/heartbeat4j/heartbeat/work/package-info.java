/** What step 7 is given: the agent's worker, its limits, its provider gates. */
@NullMarked
package io.heartbeat4j.heartbeat.work;

import org.jspecify.annotations.NullMarked;
