/** What can be seen of a host: logs, metrics, health, the live page. */
@NullMarked
package io.heartbeat4j.host.observability;

import org.jspecify.annotations.NullMarked;
