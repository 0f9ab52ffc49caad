import { readConfiguration } from "./agent-configuration.js";
import { FollowedRun } from "./followed-run.js";
import { HostError } from "./host-error.js";
import { cancelled, hostAway, refused, runResult } from "./run-result.js";
import { Waiting } from "./waiting.js";

/** How long a cancelled run is followed, so that what its worker said last is in the log. */
const CANCEL_GRACE_MS = 20_000;

/**
 * Hands the run to the host and follows it to its end. A host that is away, starting, draining, full, or of another
 * version is waited for; one that was killed in mid-work is waited for too, and is then told to go on with the same run.
 *
 * @param {import("@paperclipai/adapter-utils").AdapterExecutionContext} ctx
 */
export async function execute(ctx) {
  const { signal } = ctx;
  const { forHost, waitMs } = readConfiguration(ctx.config);
  await ctx.onCancellationReady?.();
  const run = new FollowedRun(ctx, forHost);
  const waiting = new Waiting(waitMs, (line) => run.log("system", line), signal);
  while (!signal?.aborted) {
    try {
      return runResult(await run.follow(() => waiting.reset(), signal));
    } catch (failure) {
      if (!(failure instanceof HostError)) {
        throw failure;
      }
      if ([400, 403, 422].includes(failure.status ?? 0)) { // the agent's configuration or the run's token is wrong
        return refused(failure);
      }
      if (await waiting.pause(failure)) {
        return hostAway(failure, run.mayHaveBegun);
      }
    }
  }
  const end = run.mayHaveBegun ? await run.stop(AbortSignal.timeout(CANCEL_GRACE_MS)) : undefined;
  return cancelled(!run.mayHaveBegun || end !== undefined, end);
}
