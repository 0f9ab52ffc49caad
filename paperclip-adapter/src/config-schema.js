import { DEFAULT_WAIT_MINUTES, SETTING_PREFIX, modelId } from "./agent-configuration.js";

/** @typedef {import("./profiles.js").Profile} Profile */
/** @typedef {import("@paperclipai/adapter-utils").ConfigFieldSchema} Field */

/** "Not set" has to be a choice: the server's form sends the first one of a list, 0 for a number, off for a toggle. */
const UNSET = { value: "", label: "as the host says" };

/** What the dialog for a new agent offers; it asks for nothing else. @param {Profile[]} profiles */
export function models(profiles) {
  return profiles
    .flatMap(({ name, models = [] }) => [name, ...models.map((model) => modelId(name, model))])
    .map((id) => ({ id, label: id }));
}

/** The agent's page, in the order in which a person decides. @param {Profile[]} profiles @returns {{fields: Field[]}} */
export function configSchema(profiles) {
  const described = profiles.map(({ name, worker, description }) => `${name}: ${description || worker}.`);
  const profile = ["What works on the issues. Unset: what Model names, else the host's default.", ...described].join(" ");
  const workspace = "The folder on the host's machine that the worker works in. Unset: as the profile says.";
  const wait = "A run waits so long for a host that is away or has no room. After that the server tries again, twice.";
  return {
    fields: [
      { key: "profile", label: "Profile", ...choice({ enum: profiles.map(({ name }) => name) }), hint: profile },
      ...settingFields(profiles),
      { key: "workspace", label: "Workspace", type: "text", hint: workspace },
      { key: "waitMinutes", label: "Minutes to wait", type: "number", default: DEFAULT_WAIT_MINUTES, hint: wait },
    ],
  };
}

/** One field for each setting that a profile opens. @param {Profile[]} profiles @returns {Field[]} */
function settingFields(profiles) {
  const opened = profiles.map((profile) => profile.settings?.properties ?? {});
  return Object.entries(Object.assign({}, ...opened)).map(([name, schema]) => {
    const profile = profiles.filter((_, i) => name in opened[i]).map((each) => each.name);
    const hint = [
      schema.description,
      schema.default === undefined ? undefined : `default: ${schema.default}`,
      profile.length < profiles.length ? `only with profile ${profile.join(", ")}` : undefined,
    ].filter(Boolean).join("; ");
    return { key: SETTING_PREFIX + name, label: name, ...choice(schema), hint };
  });
}

/** @param {import("./profiles.js").SettingSchema} schema @returns {Pick<Field, "type" | "options">} */
function choice(schema) {
  const values = schema.enum ?? (schema.type === "boolean" ? [true, false] : []);
  return values.length > 0
    ? { type: "select", options: [UNSET, ...values.map(String).map((value) => ({ value, label: value }))] }
    : { type: schema.type === "array" || schema.type === "object" ? "textarea" : "text" };
}
