/** The ways in over HTTP, and who may use them. */
@NullMarked
package io.heartbeat4j.host.gateway;

import org.jspecify.annotations.NullMarked;
