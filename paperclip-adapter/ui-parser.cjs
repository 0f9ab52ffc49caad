/**
 * Turns a line of a run's log into entries of Paperclip's transcript. The server evaluates this file in a web worker of
 * the browser, calls it line by line and caches the answers: it has no state and imports nothing.
 *
 * @param {string} line
 * @param {string} ts
 * @returns {import("@paperclipai/adapter-utils").TranscriptEntry[]}
 */
exports.parseStdoutLine = function parseStdoutLine(line, ts) {
  const [, mark, name, subject] = /^([>$]|denied:|failed:|exit code) (\S+)[: ]*(.*)$/.exec(line) ?? [];
  switch (mark) {
    case "$":
      return [{ kind: "tool_call", ts, name: "run", input: { command: line.slice(2) } }];
    case ">":
      return [{ kind: "tool_call", ts, name, input: { subject } }];
    case "exit code":
      return [{ kind: "tool_result", ts, toolUseId: "", toolName: "run", content: line, isError: name !== "0" }];
    case "denied:":
    case "failed:":
      return [{ kind: "tool_result", ts, toolUseId: "", toolName: name, content: line, isError: true }];
    default:
      return [{ kind: line.startsWith("used: ") ? "system" : "stdout", ts, text: line }];
  }
};
