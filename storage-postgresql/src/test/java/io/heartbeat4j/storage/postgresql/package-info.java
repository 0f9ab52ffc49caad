@NullMarked
package io.heartbeat4j.storage.postgresql;

import org.jspecify.annotations.NullMarked;
