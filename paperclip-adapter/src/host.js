import http from "node:http";
import https from "node:https";
import { readEvents } from "./event-stream.js";
import { describe, hostAddress } from "./host-address.js";
import { HostError } from "./host-error.js";

/** The version of the host's interface that this adapter speaks. */
const VERSION = "1";

/** A connection on which the host says nothing for so long is dead: it sends a comment every 15 seconds. */
const SILENCE_MS = 60_000;

/**
 * The host's interface for adapters, over its unix socket or over HTTP. Every failure is a {@link HostError}.
 *
 * @param {string} [runToken]
 */
export function connect(runToken, address = hostAddress()) {
  /**
   * @param {string} method
   * @param {string} path
   * @param {{body?: object, headers?: Record<string, string>, signal?: AbortSignal}} [options]
   */
  function send(method, path, { body, headers = {}, signal } = {}) {
    let sent = false;
    return new Promise((/** @type {(response: http.IncomingMessage) => void} */ resolve, reject) => {
      const url = new URL(path, address.socket ? "http://localhost" : address.url);
      const request = (url.protocol === "https:" ? https : http).request(url, {
        method,
        signal,
        agent: false,
        ...(address.socket && { socketPath: address.socket }),
        headers: {
          "heartbeat-adapter-version": VERSION,
          ...(runToken && { "paperclip-run-token": runToken }),
          ...(!address.socket && address.key && { authorization: `Bearer ${address.key}` }),
          ...(body && { "content-type": "application/json" }),
          ...headers,
        },
      });
      request.setTimeout(SILENCE_MS, () => request.destroy(new Error(`it said nothing for ${SILENCE_MS / 1000} s`)));
      request.on("socket", (socket) => socket.once("connect", () => (sent = true)));
      request.on("error", reject);
      request.on("response", (response) => {
        Number(response.statusCode) < 300 ? resolve(response) : refusal(response, address).then(reject);
      });
      request.end(body && JSON.stringify(body));
    }).catch((failure) => {
      throw HostError.of(failure, `the host at ${describe(address)} can't be reached`, sent);
    });
  }

  /** @param {string} run */
  const path = (run) => `/v1/adapter/runs/${encodeURIComponent(run)}`;

  return {
    profiles: () => send("GET", "/v1/adapter/profiles").then(json),
    /** @param {object} body */
    test: (body) => send("POST", "/v1/adapter/test", { body }).then(json),
    /** @param {object} body @param {AbortSignal} [signal] */
    start: (body, signal) => send("POST", "/v1/adapter/runs", { body, signal }).then(json),
    /** @param {string} run @param {string} [after] the last event that was read @param {AbortSignal} [signal] */
    async events(run, after, signal) {
      const headers = { accept: "text/event-stream", ...(after === undefined ? {} : { "last-event-id": after }) };
      return readEvents(await send("GET", `${path(run)}/events`, { headers, signal }));
    },
    /** @param {string} run */
    cancel: (run) => send("DELETE", path(run)).then(json),
  };
}

/** @param {http.IncomingMessage} response @returns {Promise<any>} */
async function json(response) {
  try {
    const parts = await response.setEncoding("utf8").toArray();
    return JSON.parse(parts.join("") || "{}");
  } catch (failure) {
    throw HostError.of(failure, "the host's answer can't be used");
  }
}

/** @param {http.IncomingMessage} response @param {import("./host-address.js").HostAddress} address */
async function refusal(response, address) {
  const { error, code } = await json(response).catch(() => ({}));
  const status = Number(response.statusCode);
  const retryAfterMs = Number(response.headers["retry-after"]) * 1000 || undefined;
  const message = error ?? `${describe(address)} answered ${status}: is it a heartbeat4j host with profiles?`;
  return new HostError(message, { status, code, retryAfterMs });
}
