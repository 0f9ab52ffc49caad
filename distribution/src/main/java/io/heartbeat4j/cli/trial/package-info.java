/** An issue that is tried with one heartbeat: what its file says, and what became of it. */
@NullMarked
package io.heartbeat4j.cli.trial;

import org.jspecify.annotations.NullMarked;
