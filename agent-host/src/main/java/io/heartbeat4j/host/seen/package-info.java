/** What can be seen of a host: logs, metrics, health, the live page. */
@NullMarked
package io.heartbeat4j.host.seen;

import org.jspecify.annotations.NullMarked;
