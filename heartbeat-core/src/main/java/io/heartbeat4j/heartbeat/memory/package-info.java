/** What an agent remembers from one heartbeat to the next, on this machine. */
@NullMarked
package io.heartbeat4j.heartbeat.memory;

import org.jspecify.annotations.NullMarked;
