package io.heartbeat4j.host.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.client.ProtocolJson;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.CompanyId;
import io.heartbeat4j.protocol.RunId;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the adapter asks for. The wake itself is read from the server, as for every other way in.
 *
 * @param agent absent only in a test of a configuration
 * @param settings the worker's settings that the agent changes
 */
record AdapterRunRequest(
    Optional<RunId> run, Optional<AgentId> agent, Optional<CompanyId> company, Optional<String> server,
    Optional<String> profile, Map<String, Object> settings, Optional<Path> workspace) {

  AdapterRunRequest {
    settings = Map.copyOf(settings);
  }

  /** @throws AdapterException if it is no JSON object, or a field has the wrong form */
  static AdapterRunRequest parse(@Nullable String body) {
    JsonNode json;
    try {
      json = ProtocolJson.mapper().readTree(body == null ? "" : body);
    } catch (JsonProcessingException malformed) {
      throw AdapterException.badRequest("the body is not JSON");
    }
    if (!json.isObject()) {
      throw AdapterException.badRequest("the body must be a JSON object");
    }
    return new AdapterRunRequest(
        field(json, "runId", RunId::of), field(json, "agentId", AgentId::of), field(json, "companyId", CompanyId::of),
        field(json, "server", Function.identity()), field(json, "profile", Function.identity()),
        settings(json.path("settings")), field(json, "workspace", Path::of));
  }

  private static <T> Optional<T> field(JsonNode json, String name, Function<String, T> parse) {
    JsonNode value = json.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    try {
      return Optional.of(parse.apply(value.asText()));
    } catch (IllegalArgumentException wrong) {
      throw AdapterException.badRequest(name + " has the wrong form");
    }
  }

  private static Map<String, Object> settings(JsonNode json) {
    if (!json.isObject() && !json.isMissingNode() && !json.isNull()) {
      throw AdapterException.badRequest("settings must be a JSON object");
    }
    Map<String, Object> settings = new LinkedHashMap<>();
    json.properties().stream().filter(field -> !field.getValue().isNull()).forEach(field -> settings
        .put(field.getKey(), ProtocolJson.mapper().convertValue(field.getValue(), Object.class)));
    return settings;
  }
}
