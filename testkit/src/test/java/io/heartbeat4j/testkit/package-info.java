@NullMarked
package io.heartbeat4j.testkit;

import org.jspecify.annotations.NullMarked;
