/** What a run has begun and not yet finished, on disk. */
@NullMarked
package io.heartbeat4j.heartbeat.wal;

import org.jspecify.annotations.NullMarked;

