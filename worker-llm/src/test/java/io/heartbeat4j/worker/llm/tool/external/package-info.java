@NullMarked
package io.heartbeat4j.worker.llm.tool.external;

import org.jspecify.annotations.NullMarked;
