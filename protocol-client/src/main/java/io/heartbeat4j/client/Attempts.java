package io.heartbeat4j.client;

import io.vertx.core.Future;

/** One attempt of a request at a time. */
interface Attempts {

  /** The whole answer, whatever its status; fails with a {@link TransientFailure} or an {@link UnexpectedAnswer}. */
  Future<Answer> send(Call<?> call);

  Future<Void> close();
}
