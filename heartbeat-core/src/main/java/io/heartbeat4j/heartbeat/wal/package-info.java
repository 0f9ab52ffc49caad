/** Write-ahead log of unsettled issues. */
@NullMarked
package io.heartbeat4j.heartbeat.wal;

import org.jspecify.annotations.NullMarked;
