/** {@code heartbeat demo}: a small company that is worked off before one's eyes, on an embedded or a real server. */
@NullMarked
package io.heartbeat4j.cli.demo;

import org.jspecify.annotations.NullMarked;
