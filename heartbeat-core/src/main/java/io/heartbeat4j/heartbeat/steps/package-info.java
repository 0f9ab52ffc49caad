/** One class per step of the protocol page, in the page's names. */
@NullMarked
package io.heartbeat4j.heartbeat.steps;

import org.jspecify.annotations.NullMarked;

