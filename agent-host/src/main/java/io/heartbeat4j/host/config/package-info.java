/** The configuration of a host and its agents, and its readers. */
@NullMarked
package io.heartbeat4j.host.config;

import org.jspecify.annotations.NullMarked;
