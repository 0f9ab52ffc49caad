import { setTimeout as sleep } from "node:timers/promises";

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;
const MINUTE_MS = 60_000;

/**
 * The time for which a run waits for a host that can't take it now: pauses that grow, and a line in the run's log at
 * once and then each minute.
 */
export class Waiting {
  /** @type {number | undefined} */ #began;
  #pauses = 0;
  #minute = 0;

  /** @param {number} limitMs @param {(line: string) => Promise<void>} tell @param {AbortSignal} [signal] ends a pause */
  constructor(limitMs, tell, signal) {
    this.limitMs = limitMs;
    this.tell = tell;
    this.signal = signal;
  }

  /** The host is there: the time begins anew when it goes away. */
  reset() {
    this.#began = undefined;
    this.#pauses = this.#minute = 0;
  }

  /** @param {import("./host-error.js").HostError} reason @returns {Promise<boolean>} whether the time is over */
  async pause(reason) {
    this.#began ??= Date.now();
    const waited = Date.now() - this.#began;
    if (!this.signal?.aborted && waited >= this.#minute * MINUTE_MS && waited < this.limitMs) {
      const all = Math.ceil(this.limitMs / MINUTE_MS);
      await this.tell(`heartbeat4j: waiting for the host, minute ${++this.#minute} of ${all}: ${reason.message}\n`);
    }
    const pause = Math.min(reason.retryAfterMs ?? FIRST_PAUSE_MS * 2 ** this.#pauses++, LONGEST_PAUSE_MS);
    await sleep(Math.min(pause, Math.max(0, this.limitMs - waited)), undefined, { signal: this.signal }).catch(() => {});
    return waited >= this.limitMs && !this.signal?.aborted;
  }
}
