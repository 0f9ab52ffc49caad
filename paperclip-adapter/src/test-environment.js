import { readConfiguration } from "./agent-configuration.js";
import { describe, hostAddress } from "./host-address.js";
import { connect } from "./host.js";

/** What to do where the host can't check anything; by the status of its answer, 0 if there is none. */
const HINTS = /** @type {Record<number | string, string>} */ ({
  0: "Start the host on this machine: heartbeat serve. Where it listens elsewhere: heartbeat paperclip install, with --host-socket or --host-url.",
  EACCES: "Put the user of the Paperclip server into the group of that file.",
  401: "The host's listen.adapter-key is another one: run heartbeat paperclip install again.",
  404: "The host has no profiles, or no listen.adapter-key: see its host.yaml.",
  426: "Upgrade the older one of host and adapter; heartbeat paperclip status shows both versions.",
});

/**
 * The Test button: whether the host is reached and speaks this version, and then the host's own checks.
 *
 * @param {import("@paperclipai/adapter-utils").AdapterEnvironmentTestContext} ctx
 * @returns {Promise<import("@paperclipai/adapter-utils").AdapterEnvironmentTestResult>}
 */
export async function testEnvironment({ adapterType, companyId, config }) {
  const checks = await check(companyId, config);
  const has = (/** @type {string} */ level) => checks.some((each) => each.level === level);
  const status = has("error") ? "fail" : has("warn") ? "warn" : "pass";
  return { adapterType, status, checks, testedAt: new Date().toISOString() };
}

/** @param {string} companyId @param {Record<string, unknown>} config */
async function check(companyId, config) {
  try {
    const address = hostAddress();
    const host = connect(undefined, address);
    const { version } = await host.profiles();
    const { checks } = await host.test({ companyId, server: address.server, ...readConfiguration(config).forHost });
    const reached = `The host at ${describe(address)} answers: heartbeat4j ${version}.`;
    return [{ code: "host", level: "info", message: reached }, ...checks];
  } catch (failure) {
    const { message, status, code } = /** @type {import("./host-error.js").HostError} */ (failure);
    return [{ code: code ?? "host", level: "error", message, hint: HINTS[message.includes("EACCES") ? "EACCES" : status ?? 0] }];
  }
}
