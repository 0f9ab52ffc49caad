/** A branch and a working tree of its own for each issue. */
@NullMarked
package io.heartbeat4j.worker.agent.worktree;

import org.jspecify.annotations.NullMarked;
