/**
 * A Paperclip server inside the JVM, for demos and tests. The entry point is {@link
 * io.heartbeat4j.embedded.EmbeddedPaperclip}. The rules, without sockets and with a replaceable clock, are in {@link
 * io.heartbeat4j.embedded.rules}.
 */
@NullMarked
package io.heartbeat4j.embedded;

import org.jspecify.annotations.NullMarked;
