package io.heartbeat4j.client;

import io.vertx.core.Future;

/** Sends a single attempt of a request. */
interface SingleAttemptTransport {

  /** The whole answer, whatever its status; fails with a {@link TransientFailure} or an {@link UnexpectedResponse}. */
  Future<ApiResponse> send(ApiRequest<?> apiRequest);

  Future<Void> close();
}
