package io.heartbeat4j.it;

import static io.heartbeat4j.it.HoldingProxy.Moment.AFTER;
import static io.heartbeat4j.it.HoldingProxy.Moment.BEFORE;

import java.io.IOException;

/** A point of a heartbeat at which something can go wrong: a request, before the server sees it or when it has answered. */
enum Point {
  BEFORE_IDENTITY("GET /api/agents/me ", BEFORE),
  BEFORE_CHECKOUT("POST /api/issues/[^/]+/checkout", BEFORE),
  AFTER_CHECKOUT("POST /api/issues/[^/]+/checkout", AFTER),
  BEFORE_CONTEXT("GET /api/issues/[^/]+/heartbeat-context", BEFORE),
  BEFORE_SUBTASK("POST /api/companies/[^/]+/issues", BEFORE),
  AFTER_SUBTASK("POST /api/companies/[^/]+/issues", AFTER),
  BEFORE_STATUS("PATCH /api/issues/", BEFORE),
  AFTER_STATUS("PATCH /api/issues/", AFTER),
  BEFORE_COST("POST /api/companies/[^/]+/cost-events", BEFORE),
  AFTER_COST("POST /api/companies/[^/]+/cost-events", AFTER);

  private final String request;
  private final HoldingProxy.Moment moment;

  Point(String request, HoldingProxy.Moment moment) {
    this.request = request;
    this.moment = moment;
  }

  HoldingProxy proxy(String server) throws IOException {
    return new HoldingProxy(server, request, moment);
  }
}
