import { connect } from "./host.js";

/**
 * A profile as the host tells it; `settings` is the JSON schema of what an agent may set.
 *
 * @typedef {{type?: string, description?: string, default?: unknown, enum?: unknown[]}} SettingSchema
 * @typedef {{name: string, worker?: string, description?: string, models?: string[],
 *     settings?: {properties?: Record<string, SettingSchema>}}} Profile
 */

/** What the host said last: forms can be filled in while it is away. @type {Profile[]} */
let known = [];

/** @returns {Promise<Profile[]>} the host's profiles, its default first; none if it was never reached */
export async function readProfiles() {
  try {
    const { profiles, defaultProfile } = await connect().profiles();
    known = [...profiles].sort((a, b) => Number(b.name === defaultProfile) - Number(a.name === defaultProfile));
  } catch {
    // testEnvironment says why
  }
  return known;
}
