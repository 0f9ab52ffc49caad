/** The steps of the protocol page, one class each, and what they share. */
@NullMarked
package io.heartbeat4j.heartbeat.steps;

import org.jspecify.annotations.NullMarked;
