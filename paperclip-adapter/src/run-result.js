/** @typedef {import("@paperclipai/adapter-utils").AdapterExecutionResult} Result */
/** @typedef {import("./host-error.js").HostError} HostError */

const RETRY_AFTER_MS = 30_000;

/**
 * The evidence on which the server runs the issue again by itself. Without it, a failed run parks its issue until the
 * board has looked; with it although work has begun, work is done twice.
 */
function tryAgain() {
  return /** @type {const} */ ({
    errorFamily: "transient_upstream",
    retryNotBefore: new Date(Date.now() + RETRY_AFTER_MS).toISOString(),
    executionRecovery: { kind: "bootstrap", providerWorkStarted: false },
  });
}

/** @param {string} errorCode @param {string} errorMessage @returns {Result} */
function failure(errorCode, errorMessage) {
  return { exitCode: 1, signal: null, timedOut: false, errorCode, errorMessage };
}

/** @param {HostError} reason @param {boolean} mayHaveBegun whether a host may have taken the run @returns {Result} */
export function hostAway(reason, mayHaveBegun) {
  return mayHaveBegun
    ? failure("host_lost", `The host that had this run did not come back: ${reason.message}`)
    : { ...failure("host_away", `No host took this run: ${reason.message}`), ...tryAgain() };
}

/** @param {HostError} reason */
export function refused(reason) {
  return failure(reason.code ?? "host_refused", reason.message);
}

/**
 * The server takes a cancelled run for stopped only with this acknowledgement; without it, the board is told to look.
 *
 * @param {boolean} stopped whether nothing works on it any more @param {any} [end] what the host said of it
 */
export function cancelled(stopped, end) {
  const executionCancellation = { state: "acknowledged", acknowledgedAt: new Date().toISOString() };
  const ended = { ...(end && runResult(end)), ...failure("cancelled", "The run was cancelled.") };
  return { ...ended, resultJson: stopped ? { executionCancellation } : {} };
}

/** @param {any} end the data of the host's `end` event @returns {Result} */
export function runResult({ phase, exitCode, error, workStarted, usage, session, ...told }) {
  const { summary, costUsd, model, provider } = told;
  const completed = phase === "completed";
  return {
    ...(completed ? { signal: null, timedOut: false } : failure(`run_${phase}`, error ?? `The run is ${phase}.`)),
    ...(phase === "failed" && workStarted === false ? tryAgain() : {}),
    exitCode: exitCode ?? (completed ? 0 : 1),
    ...{ summary, costUsd, model, provider, usage, usageBasis: "per_run" },
    ...(session ? { sessionParams: { sessionId: session }, sessionDisplayId: session } : {}),
    resultJson: { phase, workStarted },
  };
}
