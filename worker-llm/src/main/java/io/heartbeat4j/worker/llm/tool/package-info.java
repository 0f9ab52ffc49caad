/** What a model may call: arguments, permissions, answers. */
@NullMarked
package io.heartbeat4j.worker.llm.tool;

import org.jspecify.annotations.NullMarked;
