/**
 * What travels between an agent and a Paperclip server: ids, records and open sets.
 *
 * <p>Everything here is immutable data. Reading is tolerant: unknown fields are ignored, unknown statuses and wake
 * reasons are kept as they came. The source of every shape is the recorded contract of server 2026.916.1.
 */
@NullMarked
package io.heartbeat4j.protocol;

import org.jspecify.annotations.NullMarked;
