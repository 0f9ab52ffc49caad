/** What an operator writes about a host and its agents, and how it is read. */
@NullMarked
package io.heartbeat4j.host.config;

import org.jspecify.annotations.NullMarked;
