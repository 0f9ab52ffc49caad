/**
 * What a worker plugin compiles against: one factory, one worker, one typed result.
 *
 * <p>A plugin does step 7 of the heartbeat and nothing else. It has no token, no client and no way to change an issue's
 * status: it returns a {@link io.heartbeat4j.worker.WorkResult}, and the runtime writes it.
 */
@NullMarked
package io.heartbeat4j.worker;

import org.jspecify.annotations.NullMarked;
