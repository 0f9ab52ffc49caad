/**
 * Heartbeats against Paperclip's rules in virtual time, on one thread, with faults at every request and crashes at
 * every point of the journal. A seed decides everything, so that one that fails can be played again.
 */
@NullMarked
package io.heartbeat4j.simulation;

import org.jspecify.annotations.NullMarked;
