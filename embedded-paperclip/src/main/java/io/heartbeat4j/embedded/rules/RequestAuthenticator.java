package io.heartbeat4j.embedded.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** Determines the sender of a request. A request without bearer token is from the board. */
final class RequestAuthenticator {

  private static final String NOT_VERIFIED = "Agent token did not verify; obtain fresh credentials and retry";

  private final ServerState server;
  private final RunTokenService tokens;

  RequestAuthenticator(ServerState server, RunTokenService tokens) {
    this.server = server;
    this.tokens = tokens;
  }

  RequestActor authenticate(ServerRequest serverRequest) {
    String authorization = serverRequest.headerValue("authorization");
    if (authorization == null || !authorization.regionMatches(true, 0, "Bearer", 0, 6)) {
      return new RequestActor.BoardActor();
    }
    String token = authorization.substring(6).strip();
    if (token.isEmpty()) {
      throw ApiException.unauthorized("Empty bearer token; provide valid agent credentials and retry");
    }
    AgentKeyEntity key = server.keysByToken.get(token);
    if (key != null) {
      return authenticateByKey(key, serverRequest);
    }
    return authenticateByToken(token, serverRequest);
  }

  private RequestActor authenticateByKey(AgentKeyEntity key, ServerRequest serverRequest) {
    if (key.revoked) {
      throw ApiException.unauthorized(NOT_VERIFIED);
    }
    AgentEntity agentEntity = requireActive(server.agent(key.agentId));
    String runId = serverRequest.headerValue("x-paperclip-run-id");
    return new RequestActor.AgentActor(agentEntity, runId == null || runId.isBlank() ? null : runId.strip());
  }

  private RequestActor authenticateByToken(String token, ServerRequest serverRequest) {
    JsonNode claims = tokens.verify(token).orElseThrow(() -> ApiException.unauthorized(NOT_VERIFIED));
    if (tokens.isExpired(claims)) {
      throw ApiException.unauthorized("Expired agent token; obtain fresh credentials and retry");
    }
    AgentEntity agentEntity = Optional.ofNullable(server.agents.get(claims.path("sub").asText()))
        .orElseThrow(() -> ApiException.unauthorized(NOT_VERIFIED));
    requireActive(agentEntity);
    String runId = claims.path("run_id").asText();
    String header = serverRequest.headerValue("x-paperclip-run-id");
    if (header != null && !header.isBlank() && !header.strip().equals(runId)) {
      ObjectNode details = JsonNodes.object().put("code", "agent_jwt_run_id_mismatch");
      details.put("claimRunId", runId).put("headerRunId", header.strip());
      throw ApiException.unprocessable("X-Paperclip-Run-Id does not match signed agent JWT run_id", details);
    }
    return new RequestActor.AgentActor(agentEntity, runId);
  }

  private static AgentEntity requireActive(AgentEntity agentEntity) {
    if (agentEntity.isTerminated()) {
      throw ApiException.unauthorized("Agent is terminated and cannot authenticate");
    }
    if (agentEntity.status.equals("pending_approval")) {
      throw ApiException.unauthorized("Agent is pending approval and cannot authenticate");
    }
    return agentEntity;
  }
}
