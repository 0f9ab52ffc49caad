import { hostAddress } from "./host-address.js";
import { HostError } from "./host-error.js";
import { connect } from "./host.js";

/** One run on a host, over any number of connections. */
export class FollowedRun {
  /** Whether a host may have taken the run; it is never forgotten. */
  mayHaveBegun = false;
  /** Whether the host that is there now knows the run. */
  #known = false;
  /** @type {string | undefined} */ #lastEvent;

  /** @param {import("@paperclipai/adapter-utils").AdapterExecutionContext} ctx @param {object} configuration for the host */
  constructor(ctx, configuration) {
    this.ctx = ctx;
    this.configuration = configuration;
  }

  /** @param {() => void} onAnswer @param {AbortSignal} [signal] @returns {Promise<any>} the run's end */
  async follow(onAnswer, signal) {
    if (!this.#known) {
      await this.#start(signal);
    }
    return this.#read(onAnswer, signal);
  }

  /** @param {() => void} onAnswer @param {AbortSignal} [signal] */
  async #read(onAnswer, signal) {
    try {
      const events = await connect(this.ctx.authToken).events(this.ctx.runId, this.#lastEvent, signal);
      onAnswer();
      for await (const { id, event, data } of events) {
        if (event === "end") {
          return data;
        }
        if (event === "log") {
          await this.log(data.stream, data.text);
        }
        this.#lastEvent = id ?? this.#lastEvent;
      }
    } catch (failure) {
      if (failure instanceof HostError && failure.status === 404) { // another process, which numbers anew
        this.#known = false;
        this.#lastEvent = undefined;
      }
      throw failure;
    }
    throw new HostError("the host's stream ended before the run did", { sent: true });
  }

  /** @param {AbortSignal} [signal] */
  async #start(signal) {
    const { runId, agent, authToken } = this.ctx;
    const { server, ...address } = hostAddress();
    const run = { runId, agentId: agent.id, companyId: agent.companyId, agentName: agent.name, server };
    this.ctx.onDispatch?.();
    try {
      await connect(authToken, address).start({ ...run, ...this.configuration }, signal);
    } catch (failure) {
      this.mayHaveBegun ||= failure instanceof HostError && failure.sent;
      throw failure;
    }
    this.mayHaveBegun = this.#known = true;
  }

  /** Stops the worker. @param {AbortSignal} grace how long to follow it @returns {Promise<any>} the run's end, if seen */
  async stop(grace) {
    try {
      await connect(this.ctx.authToken).cancel(this.ctx.runId);
      return await this.#read(() => {}, grace);
    } catch {
      return undefined; // a host that is away ends the run itself: nobody asks for it
    }
  }

  /** The server takes its time to store a line, and the host waits as long. @param {string} stream @param {string} text */
  log(stream, text) {
    return this.ctx.onLog(/** @type {"stdout" | "stderr"} */ (stream), text);
  }
}
