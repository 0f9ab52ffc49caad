package io.heartbeat4j.it;

import static io.heartbeat4j.it.RequestHoldingProxy.HoldMoment.AFTER;
import static io.heartbeat4j.it.RequestHoldingProxy.HoldMoment.BEFORE;

import java.io.IOException;

/**
 * A point of a heartbeat at which something can go wrong: a request, before the server sees it or when it has answered.
 */
enum InterruptionPoint {
  BEFORE_IDENTITY("GET /api/agents/me ", BEFORE), BEFORE_CHECKOUT("POST /api/issues/[^/]+/checkout",
      BEFORE), AFTER_CHECKOUT("POST /api/issues/[^/]+/checkout", AFTER), BEFORE_CONTEXT(
          "GET /api/issues/[^/]+/heartbeat-context", BEFORE), BEFORE_SUBTASK("POST /api/companies/[^/]+/issues",
              BEFORE), AFTER_SUBTASK("POST /api/companies/[^/]+/issues", AFTER), BEFORE_STATUS("PATCH /api/issues/",
                  BEFORE), AFTER_STATUS("PATCH /api/issues/", AFTER), BEFORE_COST(
                      "POST /api/companies/[^/]+/cost-events",
                      BEFORE), AFTER_COST("POST /api/companies/[^/]+/cost-events", AFTER);

  private final String request;
  private final RequestHoldingProxy.HoldMoment holdMoment;

  InterruptionPoint(String request, RequestHoldingProxy.HoldMoment holdMoment) {
    this.request = request;
    this.holdMoment = holdMoment;
  }

  RequestHoldingProxy proxy(String server) throws IOException {
    return new RequestHoldingProxy(server, request, holdMoment);
  }
}
