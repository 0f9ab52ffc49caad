/** Between profile and model in Paperclip's list of models. */
const SEPARATOR = " / ";

/** Before the name of a worker's setting in the agent's configuration, which has keys of the server's own too. */
export const SETTING_PREFIX = "setting.";

/** How long a run waits for a host, unless its agent says otherwise. */
export const DEFAULT_WAIT_MINUTES = 10;

/** @param {string} profile @param {string} model */
export const modelId = (profile, model) => profile + SEPARATOR + model;

/**
 * What an agent's `adapterConfig` asks for. Only keys that are named here reach the host, which refuses a setting that
 * its profile does not open. An empty field is one that was not set.
 *
 * @param {Record<string, unknown>} config
 */
export function readConfiguration(config) {
  const [listedProfile, listedModel] = word(config.model).split(SEPARATOR, 2);
  const profile = word(config.profile) || listedProfile;
  /** @type {Record<string, unknown>} */
  const settings = listedModel && profile === listedProfile ? { model: listedModel } : {};
  for (const [key, value] of Object.entries(config)) {
    if (key.startsWith(SETTING_PREFIX) && value !== "" && value !== null && value !== undefined) {
      settings[key.slice(SETTING_PREFIX.length)] = value;
    }
  }
  const minutes = config.waitMinutes === undefined || config.waitMinutes === "" ? NaN : Number(config.waitMinutes);
  const forHost = {
    ...(profile && { profile }),
    ...(Object.keys(settings).length > 0 && { settings }),
    ...(word(config.workspace) && { workspace: word(config.workspace) }),
  };
  return { forHost, waitMs: (minutes >= 0 ? minutes : DEFAULT_WAIT_MINUTES) * 60_000 };
}

/** @param {unknown} value */
const word = (value) => (typeof value === "string" ? value.trim() : "");

export const agentConfigurationDoc = `# heartbeat4j

The agent works on a heartbeat4j host. \`{}\` is a complete configuration: the host's default profile is used.

- \`model\`: what the list of models offers: a profile of the host, or \`profile${SEPARATOR}model\`.
- \`profile\`: a profile by name; it counts more than \`model\`.
- \`workspace\`: the folder that the worker works in, if the profile leaves that to the agent.
- \`${SETTING_PREFIX}<name>\`: a setting of the worker that the profile opens; the host refuses others.
- \`waitMinutes\`: how long a run waits for a host that is away or has no room; default ${DEFAULT_WAIT_MINUTES}.
`;
