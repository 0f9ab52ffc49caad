import { HostError } from "./host-error.js";

/**
 * The events of a `text/event-stream`, each as soon as its blank line is read. Nothing is read ahead while an event is
 * being handled, so a slow reader slows the host down.
 *
 * @param {import("node:http").IncomingMessage} response
 * @returns {AsyncGenerator<{id: string | undefined, event: string, data: any}>}
 */
export async function* readEvents(response) {
  response.setEncoding("utf8");
  let rest = "";
  let /** @type {Record<string, string>} */ fields = {};
  try {
    for await (const part of response) {
      const lines = (rest + part).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (line === "" || line === "\r") {
          if (fields.data !== undefined) {
            yield { id: fields.id, event: fields.event ?? "message", data: JSON.parse(fields.data) };
          }
          fields = {};
        } else if (line.indexOf(":") > 0) {
          const colon = line.indexOf(":");
          fields[line.slice(0, colon)] = line.slice(colon + 1).trim();
        }
      }
    }
  } catch (failure) {
    throw HostError.of(failure, "the host's stream was cut off");
  }
}
