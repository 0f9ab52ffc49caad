/**
 * Paperclip's rules as a synchronous world without sockets, threads or a clock of its own: a request
 * goes in, a response comes out, and what happens later is handed to a {@link TimeScheduler}.
 *
 * <p>Single-threaded: everything of one {@link io.heartbeat4j.embedded.rules.PaperclipApiHandler} is called
 * from one thread (or one event loop).
 */
@NullMarked
package io.heartbeat4j.embedded.rules;

import org.jspecify.annotations.NullMarked;
