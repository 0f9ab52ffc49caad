/** Finishes what an interrupted run has left in the write-ahead log. */
@NullMarked
package io.heartbeat4j.heartbeat.recovery;

import org.jspecify.annotations.NullMarked;
