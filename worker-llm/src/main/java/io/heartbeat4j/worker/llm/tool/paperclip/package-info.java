/** Acts on the issue, done by the runtime. None of them changes a status behind the protocol's back. */
@NullMarked
package io.heartbeat4j.worker.llm.tool.paperclip;

import org.jspecify.annotations.NullMarked;
