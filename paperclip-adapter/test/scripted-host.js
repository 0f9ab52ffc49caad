import { once } from "node:events";
import { rmSync } from "node:fs";
import { createServer } from "node:http";

/**
 * A host of the tests' own: a real HTTP server that speaks the wire contract and does with each request what the test
 * says. What it is asked is kept.
 *
 * @typedef {{method: string, path: string, headers: import("node:http").IncomingHttpHeaders, body: any}} Asked
 * @typedef {(response: import("node:http").ServerResponse, asked: Asked) => unknown} Reply
 */
export class ScriptedHost {
  /** @type {Asked[]} */
  asked = [];

  /** @param {string | number} place a socket's path or a port @param {Record<string, Reply[]>} replies the last one is kept */
  constructor(place, replies) {
    this.place = place;
    this.replies = replies;
    this.server = createServer((request, response) => this.#answer(request, response));
  }

  async start() {
    this.server.listen(this.place);
    await once(this.server, "listening");
    return this;
  }

  /** As SIGKILL: connections are cut, the socket's file stays. */
  async kill() {
    this.server.close();
    this.server.closeAllConnections();
    rmSync(String(this.place), { force: true });
  }

  get port() {
    return /** @type {import("node:net").AddressInfo} */ (this.server.address()).port;
  }

  /** @param {string} what */
  count(what) {
    return this.asked.filter(({ method, path }) => `${method} ${path}` === what).length;
  }

  /** @param {import("node:http").IncomingMessage} request @param {import("node:http").ServerResponse} response */
  async #answer(request, response) {
    const text = (await request.setEncoding("utf8").toArray()).join("");
    const [method, path, headers] = [String(request.method), String(request.url), request.headers];
    const asked = { method, path, headers, body: text && JSON.parse(text) };
    this.asked.push(asked);
    const script = this.replies[`${method} ${path}`] ?? [status(404)];
    const reply = /** @type {Reply} */ (script.length > 1 ? script.shift() : script[0]);
    await reply(response, asked);
  }
}

/** @param {number} code @param {object} [body] @param {Record<string, string>} [headers] @returns {Reply} */
export function status(code, body = {}, headers = {}) {
  return (response) => response.writeHead(code, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

/** @type {Reply} */
export const cut = (response) => response.destroy();

/** Events in the order given, and then the connection is left open, ended or cut. @param {...(string | Reply)} parts @returns {Reply} */
export function stream(...parts) {
  return async (response, asked) => {
    response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
    for (const part of parts) {
      if (typeof part !== "string") {
        await part(response, asked);
      } else {
        await new Promise((flushed) => response.write(part, flushed));
      }
    }
  };
}

/** @param {number} id @param {string} text */
export function log(id, text, name = "stdout") {
  return `id: ${id}\nevent: log\ndata: ${JSON.stringify({ stream: name, text })}\n\n`;
}

/** @param {number} id @param {object} [told] */
export function end(id, told = {}) {
  return `id: ${id}\nevent: end\ndata: ${JSON.stringify({ phase: "completed", exitCode: 0, workStarted: true, ...told })}\n\n`;
}
