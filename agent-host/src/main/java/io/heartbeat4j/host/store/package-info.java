/** Opens a host's store, and moves it. */
@NullMarked
package io.heartbeat4j.host.store;

import org.jspecify.annotations.NullMarked;
