package io.heartbeat4j.host.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heartbeat4j.host.config.HostFileSchema.AgentSection;
import io.heartbeat4j.host.config.HostFileSchema.ProfileSection;
import io.heartbeat4j.plugin.SettingsJsonSchema;
import java.util.Map;

/** JSON Schema of a host's files. */
public final class HostJsonSchema {

  private HostJsonSchema() {}

  /**
   * The schema of {@code host.yaml}.
   *
   * @param workers the settings' records by the workers' names
   */
  public static ObjectNode host(Map<String, Class<? extends Record>> workers) {
    ObjectNode host = SettingsJsonSchema.of(HostFileSchema.class);
    SettingsJsonSchema.replace(host, "defaults", agent(workers));
    SettingsJsonSchema.replace(host, "agents", SettingsJsonSchema.mapOf(agent(workers)));
    SettingsJsonSchema.replace(host, "profiles",
        SettingsJsonSchema.mapOf(withWorkers(ProfileSection.class, workers)));
    return host;
  }

  /** The schema of an agent's own file: a key that is not there may be one of the host's defaults. */
  public static ObjectNode agent(Map<String, Class<? extends Record>> workers) {
    return SettingsJsonSchema.withoutRequired(withWorkers(AgentSection.class, workers));
  }

  private static ObjectNode withWorkers(Class<? extends Record> section,
      Map<String, Class<? extends Record>> workers) {
    ObjectNode schema = SettingsJsonSchema.of(section);
    SettingsJsonSchema.replace(schema, "worker",
        SettingsJsonSchema.withWorkers(AgentSection.WorkerSection.class, workers));
    return schema;
  }
}
