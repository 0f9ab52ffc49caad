/** What the workers that run commands share. Each plugin has its own copy, in its own jars. */
@NullMarked
package io.heartbeat4j.worker.process;

import org.jspecify.annotations.NullMarked;
