/** Runs that the host has taken in: whose turn it is, how each one ends, and what survives a restart. */
@NullMarked
package io.heartbeat4j.host.run;

import org.jspecify.annotations.NullMarked;
