/** Files of the workspace, and nothing outside it. */
@NullMarked
package io.heartbeat4j.worker.agent.file;

import org.jspecify.annotations.NullMarked;
