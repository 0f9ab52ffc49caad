/** The runs of a host as lines of a terminal. */
@NullMarked
package io.heartbeat4j.cli.tail;

import org.jspecify.annotations.NullMarked;
