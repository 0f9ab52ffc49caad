@NullMarked
package io.heartbeat4j.worker.acp;

import org.jspecify.annotations.NullMarked;
