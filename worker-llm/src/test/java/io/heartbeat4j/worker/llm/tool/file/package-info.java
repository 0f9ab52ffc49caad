@NullMarked
package io.heartbeat4j.worker.llm.tool.file;

import org.jspecify.annotations.NullMarked;
