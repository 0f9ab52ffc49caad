/** What happens in a heartbeat, step by step, for logs, metrics and pages. */
@NullMarked
package io.heartbeat4j.heartbeat.event;

import org.jspecify.annotations.NullMarked;
