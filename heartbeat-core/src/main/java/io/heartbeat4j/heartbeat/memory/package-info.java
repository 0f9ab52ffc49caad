/** What an agent remembers of an issue between heartbeats. */
@NullMarked
package io.heartbeat4j.heartbeat.memory;

import org.jspecify.annotations.NullMarked;
