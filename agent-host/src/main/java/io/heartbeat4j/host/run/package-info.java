/** Admission, scheduling, execution and persistence of runs. */
@NullMarked
package io.heartbeat4j.host.run;

import org.jspecify.annotations.NullMarked;
