/**
 * Paperclip's heartbeat in code: {@link io.heartbeat4j.heartbeat.Heartbeat} runs the nine steps, a worker does step 7.
 */
@NullMarked
package io.heartbeat4j.heartbeat;

import org.jspecify.annotations.NullMarked;
