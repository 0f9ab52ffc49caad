/** Keeps the records of several processes in one PostgreSQL database. */
@NullMarked
package io.heartbeat4j.storage.postgresql;

import org.jspecify.annotations.NullMarked;
