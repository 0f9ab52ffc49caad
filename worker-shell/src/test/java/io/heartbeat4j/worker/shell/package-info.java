@NullMarked
package io.heartbeat4j.worker.shell;

import org.jspecify.annotations.NullMarked;
