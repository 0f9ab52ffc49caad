/** Projects that are generated from the examples of heartbeat4j. */
@NullMarked
package io.heartbeat4j.cli.project;

import org.jspecify.annotations.NullMarked;
