/** Files of the workspace, and of nothing else. */
@NullMarked
package io.heartbeat4j.worker.llm.tool.file;

import org.jspecify.annotations.NullMarked;
