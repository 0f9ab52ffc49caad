/** For worker authors: drives a worker through real heartbeats, on a Paperclip server inside the JVM. */
@NullMarked
package io.heartbeat4j.testkit;

import org.jspecify.annotations.NullMarked;
