package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A routed request with its sender and parsed body. */
record ApiCall(ServerRequest request, RequestActor actor, Map<String, String> params, @Nullable JsonNode rawBody) {

  String param(String name) {
    return Objects.requireNonNull(params.get(name), name);
  }

  @Nullable
  String query(String name) {
    String value = request.query().get(name);
    return value == null || value.isBlank() ? null : value;
  }

  /** The body as an object; empty when the body is no object. */
  ObjectNode body() {
    return rawBody instanceof ObjectNode object ? object : JsonNodes.object();
  }

  /** Validates the body; a body that is no object is a violation at the root path. */
  BodyValidator validateBody() {
    return new BodyValidator(rawBody);
  }

  void requireBoard() {
    if (!(actor instanceof RequestActor.BoardActor)) {
      throw ApiException.forbidden("Board access required");
    }
  }

  RequestActor.AgentActor requireAgent() {
    if (actor instanceof RequestActor.AgentActor agent) {
      return agent;
    }
    throw ApiException.unauthorized("Agent authentication required");
  }

  void requireCompany(String companyId) {
    if (actor instanceof RequestActor.AgentActor agent && !agent.agent().companyId.equals(companyId)) {
      throw ApiException.forbidden("Agent key cannot access another company");
    }
  }

  /** Whether the sender may see the entities of this company. */
  boolean canSee(String companyId) {
    return !(actor instanceof RequestActor.AgentActor agent) || agent.agent().companyId.equals(companyId);
  }

  @Nullable
  String agentId() {
    return actor instanceof RequestActor.AgentActor agent ? agent.agent().id : null;
  }

  @Nullable
  String runId() {
    return actor instanceof RequestActor.AgentActor agent ? agent.runId() : null;
  }
}
