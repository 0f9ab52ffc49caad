/** {@code heartbeat demo}: runs the agents of a small company, on an embedded or a real server. */
@NullMarked
package io.heartbeat4j.cli.demo;

import org.jspecify.annotations.NullMarked;
