/** The decisions that a distribution may replace. */
@NullMarked
package io.heartbeat4j.heartbeat.policy;

import org.jspecify.annotations.NullMarked;
