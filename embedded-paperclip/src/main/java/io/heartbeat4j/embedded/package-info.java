/**
 * An HTTP server inside the JVM that keeps Paperclip's rules: for demos and for tests.
 *
 * <p>{@link io.heartbeat4j.embedded.EmbeddedPaperclip} is the entry; the rules themselves, usable without
 * sockets and with a virtual clock, are in {@link io.heartbeat4j.embedded.rules}.
 */
@NullMarked
package io.heartbeat4j.embedded;

import org.jspecify.annotations.NullMarked;
