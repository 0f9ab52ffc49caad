/** {@code heartbeat dev}: a worker project on an embedded server, with a page for its author. */
@NullMarked
package io.heartbeat4j.cli.dev;

import org.jspecify.annotations.NullMarked;
