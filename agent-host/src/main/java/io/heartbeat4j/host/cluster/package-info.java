/** Hosts side by side: what one needs of the others. Alone it costs nothing; a module of its own makes it true. */
@NullMarked
package io.heartbeat4j.host.cluster;

import org.jspecify.annotations.NullMarked;
