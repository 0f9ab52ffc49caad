/**
 * Keeps secrets out of everything that is shown: logs, comments, results, the live output of a command.
 *
 * <p>Values that are known to be secret are masked wherever they stand; so is what looks like a well-known kind of
 * credential.
 */
@NullMarked
package io.heartbeat4j.redaction;

import org.jspecify.annotations.NullMarked;
