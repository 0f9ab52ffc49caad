/** What a shell and {@code man} know of the commands, written from the commands themselves. */
@NullMarked
package io.heartbeat4j.cli.shell;

import org.jspecify.annotations.NullMarked;
