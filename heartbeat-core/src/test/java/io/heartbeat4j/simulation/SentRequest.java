package io.heartbeat4j.simulation;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A request of an agent as it went over the wire.
 *
 * @param run as the header claims; empty if there is none
 * @param processed whether the rules have seen it
 * @param status what the rules or the disturbance answered; 0 if nothing was
 * @param seen whether the agent could read that answer
 */
record SentRequest(SimulatedProcess sender, String agent, String process, String run, String method, String path,
    JsonNode body,
    boolean processed, int status,
    boolean seen) {

  boolean isWrite() {
    return !method.equals("GET");
  }

  /** The id in {@code /api/issues/ID...}; empty for any other path. */
  String issue() {
    String[] parts = path.split("/");
    return parts.length > 3 && parts[2].equals("issues") ? parts[3] : "";
  }

  boolean isCheckout() {
    return path.endsWith("/checkout");
  }

  boolean isPatch() {
    return method.equals("PATCH");
  }
}
