/**
 * Paperclip's rules, without sockets, threads or a clock. {@link io.heartbeat4j.embedded.rules.PaperclipApiHandler}
 * handles requests synchronously and schedules delayed actions with a {@link TimeScheduler}. All calls to one handler
 * come from one thread or event loop.
 */
@NullMarked
package io.heartbeat4j.embedded.rules;

import org.jspecify.annotations.NullMarked;
