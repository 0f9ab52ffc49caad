/** The ways in over HTTP, and who may use them. */
@NullMarked
package io.heartbeat4j.host.http;

import org.jspecify.annotations.NullMarked;
