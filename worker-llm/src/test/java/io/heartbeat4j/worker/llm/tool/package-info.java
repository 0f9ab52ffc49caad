@NullMarked
package io.heartbeat4j.worker.llm.tool;

import org.jspecify.annotations.NullMarked;
