/** Files and logs on disk: claimed, appended, flushed together. Knows nothing of the heartbeat. */
@NullMarked
package io.heartbeat4j.storage;

import org.jspecify.annotations.NullMarked;
