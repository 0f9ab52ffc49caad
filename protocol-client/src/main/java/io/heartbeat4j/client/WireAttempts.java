package io.heartbeat4j.client;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.net.ConnectException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Attempts over a {@link Wire}. */
final class WireAttempts implements Attempts {

  private final Wire wire;
  private final ClientOptions options;

  WireAttempts(Wire wire, ClientOptions options) {
    this.wire = wire;
    this.options = options;
  }

  @Override
  public Future<Answer> send(Call<?> call) {
    Map<String, String> headers = new HashMap<>();
    call.headers(options).forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
    Buffer body = call.body();
    return wire.send(new Wire.Request(call.method().name(), call.path(), headers, body == null ? "" : body.toString()))
        .map(reply -> {
          MultiMap answered = MultiMap.caseInsensitiveMultiMap();
          answered.addAll(reply.headers());
          return new Answer(reply.status(), answered, Buffer.buffer(reply.body()));
        })
        .recover(failure -> Future.failedFuture(failure instanceof ConnectException
            ? new Unreachable(call + ": the server can't be reached", failure)
            : new NoAnswer(call + ": " + failure.getMessage(), failure)));
  }

  @Override
  public Future<Void> close() {
    return Future.succeededFuture();
  }
}
