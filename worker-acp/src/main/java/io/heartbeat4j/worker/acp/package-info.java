/** The worker named {@code acp}: any program that speaks the Agent Client Protocol. */
@NullMarked
package io.heartbeat4j.worker.acp;

import org.jspecify.annotations.NullMarked;
