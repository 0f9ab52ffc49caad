/** Wake channels over HTTP and the unix socket, and their authentication. */
@NullMarked
package io.heartbeat4j.host.http;

import org.jspecify.annotations.NullMarked;
