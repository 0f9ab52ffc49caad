package io.heartbeat4j.simulation;

/** What can happen to a request, or to the process that sends it. */
enum SimulatedFault {
  NONE, REFUSED, REQUEST_LOST, ANSWER_LOST, DELAYED, CONFLICT_409, UNPROCESSABLE_422, LIMIT_429_WITH_TIME, LIMIT_429, ERROR_500_BEFORE, ERROR_500_AFTER, UNAVAILABLE_503, TRUNCATED, CRASH_BEFORE, CRASH_AFTER
}
