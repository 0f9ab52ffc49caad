package io.heartbeat4j.client;

/** How often a request may be sent, by its idempotency. */
enum RetryMode {
  /** A read: as often as the options say. */
  READ,
  /** A write that the server knows again by a key or by its run: twice. */
  KEYED,
  /** A keyed create: twice, also after a 500, behind which the issue may exist (the key finds it). */
  KEYED_CREATE,
  /** A write that would act twice: again only when the first one did not reach the server. */
  UNKEYED;

  boolean isWrite() {
    return this != READ;
  }
}
