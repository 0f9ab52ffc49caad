import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { HostError } from "./host-error.js";

/**
 * Where the host is: its unix `socket`, or its `url` and the `key` that its host.yaml calls `listen.adapter-key`.
 * `server` is this Paperclip server's address as host.yaml names it, for a host that works for several.
 *
 * @typedef {{socket?: string, url?: string, key?: string, server?: string}} HostAddress
 */

/** Written by `heartbeat paperclip install`; above the adapter's folder, which each version has for itself. */
const FILE = new URL("../../host.json", import.meta.url);

/**
 * Reads the file anew each time, so that a changed key needs no restart of the server.
 *
 * @returns {HostAddress}
 */
export function hostAddress(file = FILE, environment = process.env) {
  try {
    const configured = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
    return configured.url || configured.socket ? configured : { ...configured, socket: defaultSocket(environment) };
  } catch (failure) {
    throw HostError.of(failure, `the Paperclip server can't use ${file.pathname}`, false);
  }
}

/** @param {NodeJS.ProcessEnv} environment */
function defaultSocket(environment) {
  const own = join(environment.XDG_RUNTIME_DIR || "/none", "heartbeat4j/host.sock");
  return environment.HEARTBEAT_SOCKET || (existsSync(own) ? own : "/run/heartbeat4j/host.sock");
}

/** @param {HostAddress} address */
export function describe({ socket, url }) {
  return socket ? `unix:${socket}` : String(url);
}
