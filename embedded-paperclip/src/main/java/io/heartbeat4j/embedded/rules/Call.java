package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A routed request with its sender and its parsed body. */
record Call(Request request, Actor actor, Map<String, String> params, @Nullable JsonNode rawBody) {

  String param(String name) {
    return Objects.requireNonNull(params.get(name), name);
  }

  @Nullable String query(String name) {
    String value = request.query().get(name);
    return value == null || value.isBlank() ? null : value;
  }

  /** The body as an object; an empty one when there is none. */
  ObjectNode body() {
    return rawBody instanceof ObjectNode object ? object : Json.object();
  }

  /** Checks the body's fields; a body that is no object fails at the root path. */
  BodyCheck check() {
    return new BodyCheck(rawBody);
  }

  void requireBoard() {
    if (!(actor instanceof Actor.BoardActor)) {
      throw Refusal.forbidden("Board access required");
    }
  }

  Actor.AgentActor requireAgent() {
    if (actor instanceof Actor.AgentActor agent) {
      return agent;
    }
    throw Refusal.unauthorized("Agent authentication required");
  }

  void requireCompany(String companyId) {
    if (actor instanceof Actor.AgentActor agent && !agent.agent().companyId.equals(companyId)) {
      throw Refusal.forbidden("Agent key cannot access another company");
    }
  }

  /** Whether the sender may know that something of this company exists. */
  boolean sees(String companyId) {
    return !(actor instanceof Actor.AgentActor agent) || agent.agent().companyId.equals(companyId);
  }

  @Nullable String agentId() {
    return actor instanceof Actor.AgentActor agent ? agent.agent().id : null;
  }

  @Nullable String runId() {
    return actor instanceof Actor.AgentActor agent ? agent.runId() : null;
  }
}
