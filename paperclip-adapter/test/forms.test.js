import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { createServerAdapter } from "../index.js";
import { ScriptedHost, status } from "./scripted-host.js";

const PROFILES = "GET /v1/adapter/profiles";
const TEST = "POST /v1/adapter/test";
const profiles = {
  version: "0.1.0", api: 1, defaultProfile: "coder",
  profiles: [
    { name: "builder", worker: "shell", description: "", models: [] },
    {
      name: "coder", worker: "llm", description: "Works with a model", models: ["small", "acme/large"],
      settings: { type: "object", properties: {
        model: { type: "string", description: "the model", enum: ["small", "acme/large"] },
        "max-cost": { type: "number", description: "in USD", default: 2 },
        network: { type: "boolean" }, permissions: { type: "array" },
      } },
    },
  ],
};

const adapter = createServerAdapter();
/** @type {string} */
let directory;
/** @type {ScriptedHost | undefined} */
let host;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "adapter-"));
  process.env.HEARTBEAT_SOCKET = join(directory, "host.sock");
});

afterEach(async () => {
  await host?.kill();
  host = undefined;
  rmSync(directory, { recursive: true });
});

/** @param {Record<string, import("./scripted-host.js").Reply[]>} replies */
async function start(replies) {
  host = await new ScriptedHost(String(process.env.HEARTBEAT_SOCKET), replies).start();
  return host;
}

/** The Test button. */
function press(config = {}) {
  return adapter.testEnvironment({ adapterType: "heartbeat4j", companyId: "company-1", config });
}

test("the dialog lists profiles and their models, the default profile first", async () => {
  await start({ [PROFILES]: [status(200, profiles)] });

  const ids = (await adapter.listModels?.())?.map(({ id, label }) => (assert.equal(id, label), id));
  assert.deepEqual(ids, ["coder", "coder / small", "coder / acme/large", "builder"]);
});

test("the agent's page asks for profile, settings, workspace and waiting time, and sends none that was not chosen", async () => {
  await start({ [PROFILES]: [status(200, profiles)] });
  const { fields } = await /** @type {any} */ (adapter.getConfigSchema)();

  assert.deepEqual(fields.map((/** @type {any} */ { key, type }) => [key, type]), [
    ["profile", "select"], ["setting.model", "select"], ["setting.max-cost", "text"], ["setting.network", "select"],
    ["setting.permissions", "textarea"], ["workspace", "text"], ["waitMinutes", "number"],
  ]);
  assert.equal(fields[2].hint, "in USD; default: 2; only with profile coder");
  for (const { options, default: standard } of fields) {
    assert.ok(options === undefined || options[0].value === "");
    assert.ok(standard === undefined || standard === 10);
  }
});

test("without a host the forms show what it said last", async () => {
  await (await start({ [PROFILES]: [status(200, profiles)] }), adapter.listModels?.());
  await host?.kill();

  assert.equal((await /** @type {any} */ (adapter.getConfigSchema)()).fields[1].key, "setting.model");
});

test("the Test button shows the host's checks for the agent's configuration, and the worst is the result", async () => {
  const asked = (await start({
    [PROFILES]: [status(200, profiles)],
    [TEST]: [status(200, { checks: [{ code: "worker", level: "warn", message: "slow", hint: "wait" }] })],
  })).asked;
  const { status: result, checks } = await press({ profile: "builder", waitMinutes: 3 });

  assert.equal(result, "warn");
  assert.match(checks[0].message, /host\.sock answers: heartbeat4j 0\.1\.0/);
  assert.deepEqual(checks[1], { code: "worker", level: "warn", message: "slow", hint: "wait" });
  assert.deepEqual(asked[1].body, { companyId: "company-1", profile: "builder" });
});

for (const [code, answer, hint] of /** @type {const} */ ([
  [401, { error: "no such key" }, /install again/],
  [404, {}, /host\.yaml/],
  [426, { error: "version 2 only", code: "adapter_version" }, /Upgrade/],
])) {
  test(`the Test button says what to do where the host answers ${code}`, async () => {
    await start({ [PROFILES]: [status(code, answer)] });
    const { status: result, checks } = await press();

    assert.equal(result, "fail");
    assert.match(String(checks[0].hint), hint);
  });
}

test("the Test button says how to start a host where there is none", async () => {
  const { status: result, checks } = await press();

  assert.equal(result, "fail");
  assert.match(checks[0].message, /host\.sock can't be reached: .*ENOENT/);
  assert.match(String(checks[0].hint), /heartbeat serve/);
});
