/**
 * The contract of a Paperclip server, as tests that talk only HTTP: they run against the embedded server
 * or, with {@code -Dpaperclip.url=http://127.0.0.1:PORT}, against a real one.
 */
@NullMarked
package io.heartbeat4j.embedded.contract;

import org.jspecify.annotations.NullMarked;
