"use strict";

/**
 * Turns a line of a run's log into entries of Paperclip's transcript. The server evaluates this file in a web worker of
 * the browser, calls it line by line and caches the answers: it has no state and imports nothing.
 *
 * @param {string} line
 * @param {string} ts
 * @returns {import("@paperclipai/adapter-utils").TranscriptEntry[]}
 */
function parseStdoutLine(line, ts) {
  const command = /^\$ (.+)$/.exec(line);
  if (command) {
    return [{ kind: "tool_call", ts, name: "command", input: { command: command[1] } }];
  }
  const exit = /^exit code (\d+)/.exec(line);
  if (exit) {
    return [{ kind: "tool_result", ts, toolUseId: "", toolName: "command", content: line, isError: exit[1] !== "0" }];
  }
  return [{ kind: "stdout", ts, text: line }];
}

exports.parseStdoutLine = parseStdoutLine;
