@NullMarked
package io.heartbeat4j.it;

import org.jspecify.annotations.NullMarked;
