@NullMarked
package io.heartbeat4j.worker.llm;

import org.jspecify.annotations.NullMarked;
