@NullMarked
package io.heartbeat4j.worker.llm.loop;

import org.jspecify.annotations.NullMarked;
