/** How work, an issue and a heartbeat end. */
@NullMarked
package io.heartbeat4j.heartbeat.outcome;

import org.jspecify.annotations.NullMarked;
