/**
 * Hosts side by side. What they share is small and kept in three maps: who is there, who has a run, who works on an
 * issue. Requests between hosts go to their ordinary listeners; nothing goes over the event bus.
 */
@NullMarked
package io.heartbeat4j.cluster;

import org.jspecify.annotations.NullMarked;
