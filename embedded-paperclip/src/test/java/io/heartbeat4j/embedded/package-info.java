@NullMarked
package io.heartbeat4j.embedded;

import org.jspecify.annotations.NullMarked;
