/** Why a request to the host has no result. */
export class HostError extends Error {
  /**
   * @param {string} message @param {{status?: number, code?: string, retryAfterMs?: number, sent?: boolean}} [details] `status` is absent where
   *     no answer came; `sent` says that the host may have read the request nevertheless
   */
  constructor(message, { status, code, retryAfterMs, sent = false } = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfterMs = retryAfterMs;
    this.sent = sent;
  }

  /** @param {any} failure @param {string} what @param {boolean} [sent] */
  static of(failure, what, sent = true) {
    return failure instanceof HostError ? failure : new HostError(`${what}: ${failure.message}`, { sent });
  }
}
