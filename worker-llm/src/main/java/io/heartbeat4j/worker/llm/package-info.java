/** The worker named {@code llm}: a model with tools. */
@NullMarked
package io.heartbeat4j.worker.llm;

import org.jspecify.annotations.NullMarked;
