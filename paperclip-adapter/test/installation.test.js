import assert from "node:assert/strict";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { runInNewContext } from "node:vm";
import { ScriptedHost, status } from "./scripted-host.js";

const source = dirname(dirname(fileURLToPath(import.meta.url)));
const description = JSON.parse(readFileSync(join(source, "package.json"), "utf8"));
/** @type {string} */
let directory;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "adapter-"));
  for (const file of ["package.json", ...description.files]) {
    cpSync(join(source, file), join(directory, "files", file), { recursive: true });
  }
});

afterEach(() => rmSync(directory, { recursive: true }));

/** As the server's loader does. */
async function load() {
  const { createServerAdapter } = await import(pathToFileURL(join(directory, "files", description.exports["."])).href);
  return { ...createServerAdapter() };
}

/** @param {object} [hostFile] */
async function press(hostFile) {
  if (hostFile) {
    writeFileSync(join(directory, "host.json"), JSON.stringify(hostFile));
  }
  return (await load()).testEnvironment({ adapterType: "heartbeat4j", companyId: "c", config: {} });
}

test("the shipped files are an adapter without dependencies", async () => {
  const adapter = await load();

  assert.equal(adapter.type, "heartbeat4j");
  assert.equal(adapter.supportsLocalAgentJwt, true);
  assert.equal(description.dependencies, undefined);
  assert.equal(typeof adapter.execute, "function");
});

test("the host's address and key are read from the file beside the adapter's folder", async () => {
  const host = await new ScriptedHost(0, {
    "GET /v1/adapter/profiles": [status(200, { version: "0.1.0", profiles: [] })],
    "POST /v1/adapter/test": [status(200, { checks: [] })],
  }).start();
  const key = ["a", "key"].join("-");
  try {
    const { status: result } = await press({ url: `http://127.0.0.1:${host.port}`, key, server: "http://paperclip" });

    assert.equal(result, "pass");
    assert.equal(host.asked[1].headers.authorization, `Bearer ${key}`);
    assert.equal(host.asked[1].body.server, "http://paperclip");
  } finally {
    await host.kill();
  }
});

test("without the file the host is looked for at its usual sockets", async () => {
  delete process.env.HEARTBEAT_SOCKET;
  process.env.XDG_RUNTIME_DIR = directory;

  assert.match((await press()).checks[0].message, /unix:\/run\/heartbeat4j\/host\.sock/);
  cpSync(join(source, "package.json"), join(directory, "heartbeat4j/host.sock"));
  assert.match((await press()).checks[0].message, new RegExp(`unix:${directory}/heartbeat4j/host.sock`));
  process.env.HEARTBEAT_SOCKET = "/nowhere/host.sock";
  assert.match((await press()).checks[0].message, /unix:\/nowhere\/host\.sock/);
  assert.match((await press({ socket: "/configured.sock" })).checks[0].message, /unix:\/configured\.sock/);
});

test("a file that can't be used is told of in one line", async () => {
  writeFileSync(join(directory, "host.json"), "{");

  assert.match((await press()).checks[0].message, /^the Paperclip server can't use .*host\.json: .*/);
});

test("the parser for the browser is evaluated without a module system", () => {
  const exports = /** @type {any} */ ({});
  const code = readFileSync(join(directory, "files", description.exports["./ui-parser"]), "utf8");
  runInNewContext(`(new Function("exports", "module", code))(exports, { exports })`, { code, exports, Function });

  assert.deepEqual(exports.parseStdoutLine("> read README.md", "t")[0].input, { subject: "README.md" });
  assert.deepEqual(exports.parseStdoutLine("$ mvn verify", "t")[0].input, { command: "mvn verify" });
  assert.equal(exports.parseStdoutLine("exit code 0", "t")[0].isError, false);
  assert.equal(exports.parseStdoutLine("exit code 1", "t")[0].isError, true);
  assert.equal(exports.parseStdoutLine("failed: read x: no such file", "t")[0].isError, true);
  assert.equal(exports.parseStdoutLine("plain", "t")[0].kind, "stdout");
  assert.ok(existsSync(directory));
});
