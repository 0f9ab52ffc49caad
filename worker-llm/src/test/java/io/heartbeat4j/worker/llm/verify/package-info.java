@NullMarked
package io.heartbeat4j.worker.llm.verify;

import org.jspecify.annotations.NullMarked;
