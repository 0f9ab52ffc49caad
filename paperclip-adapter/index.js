import { agentConfigurationDoc } from "./src/agent-configuration.js";
import { configSchema, models } from "./src/config-schema.js";
import { execute } from "./src/execute.js";
import { readProfiles } from "./src/profiles.js";
import { testEnvironment } from "./src/test-environment.js";

/** What the server loads; it spreads the object. @returns {import("@paperclipai/adapter-utils").ServerAdapterModule} */
export function createServerAdapter() {
  return {
    type: "heartbeat4j",
    supportsLocalAgentJwt: true,
    execute,
    testEnvironment,
    listModels: async () => models(await readProfiles()),
    getConfigSchema: async () => configSchema(await readProfiles()),
    agentConfigurationDoc,
  };
}
