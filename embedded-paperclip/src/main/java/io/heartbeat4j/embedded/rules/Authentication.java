package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** Tells who sends a request. A request without a bearer is the board's. */
final class Authentication {

  private static final String NOT_VERIFIED = "Agent token did not verify; obtain fresh credentials and retry";

  private final World world;
  private final RunTokens tokens;

  Authentication(World world, RunTokens tokens) {
    this.world = world;
    this.tokens = tokens;
  }

  Actor actor(Request request) {
    String authorization = request.headerValue("authorization");
    if (authorization == null || !authorization.regionMatches(true, 0, "Bearer", 0, 6)) {
      return new Actor.BoardActor();
    }
    String token = authorization.substring(6).strip();
    if (token.isEmpty()) {
      throw Refusal.unauthorized("Empty bearer token; provide valid agent credentials and retry");
    }
    AgentKey key = world.keysByToken.get(token);
    if (key != null) {
      return byKey(key, request);
    }
    return byToken(token, request);
  }

  private Actor byKey(AgentKey key, Request request) {
    if (key.revoked) {
      throw Refusal.unauthorized(NOT_VERIFIED);
    }
    Agent agent = mayAct(world.agent(key.agentId));
    String runId = request.headerValue("x-paperclip-run-id");
    return new Actor.AgentActor(agent, runId == null || runId.isBlank() ? null : runId.strip(), true);
  }

  private Actor byToken(String token, Request request) {
    JsonNode claims = tokens.verify(token).orElseThrow(() -> Refusal.unauthorized(NOT_VERIFIED));
    if (tokens.expired(claims)) {
      throw Refusal.unauthorized("Expired agent token; obtain fresh credentials and retry");
    }
    Agent agent =
        Optional.ofNullable(world.agents.get(claims.path("sub").asText()))
            .orElseThrow(() -> Refusal.unauthorized(NOT_VERIFIED));
    mayAct(agent);
    String runId = claims.path("run_id").asText();
    String header = request.headerValue("x-paperclip-run-id");
    if (header != null && !header.isBlank() && !header.strip().equals(runId)) {
      ObjectNode details = Json.object().put("code", "agent_jwt_run_id_mismatch");
      details.put("claimRunId", runId).put("headerRunId", header.strip());
      throw Refusal.unprocessable("X-Paperclip-Run-Id does not match signed agent JWT run_id", details);
    }
    return new Actor.AgentActor(agent, runId, false);
  }

  private static Agent mayAct(Agent agent) {
    if (agent.terminated()) {
      throw Refusal.unauthorized("Agent is terminated and cannot authenticate");
    }
    if (agent.status.equals("pending_approval")) {
      throw Refusal.unauthorized("Agent is pending approval and cannot authenticate");
    }
    return agent;
  }
}
