/** For worker authors: runs a worker in real heartbeats, on a Paperclip server inside the JVM. */
@NullMarked
package io.heartbeat4j.testkit;

import org.jspecify.annotations.NullMarked;
