/** From an issue to one result: what the model is told, what it remembers, and when it has to stop. */
@NullMarked
package io.heartbeat4j.worker.llm.loop;

import org.jspecify.annotations.NullMarked;
