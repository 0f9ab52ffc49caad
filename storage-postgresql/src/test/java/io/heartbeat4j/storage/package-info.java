@NullMarked
package io.heartbeat4j.storage;

import org.jspecify.annotations.NullMarked;
