package io.heartbeat4j.client;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.net.ConnectException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Sends attempts over an {@link InProcessTransport}. */
final class InProcessTransportAdapter implements SingleAttemptTransport {

  private final InProcessTransport transport;
  private final ClientOptions options;

  InProcessTransportAdapter(InProcessTransport inProcessTransport, ClientOptions options) {
    this.transport = inProcessTransport;
    this.options = options;
  }

  @Override
  public Future<ApiResponse> send(ApiRequest<?> apiRequest) {
    Map<String, String> headers = new HashMap<>();
    apiRequest.headers(options).forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
    Buffer body = apiRequest.body();
    return transport
        .send(new InProcessTransport.Request(apiRequest.method().name(), apiRequest.path(), headers,
            body == null ? "" : body.toString()))
        .map(response -> {
          MultiMap answered = MultiMap.caseInsensitiveMultiMap();
          answered.addAll(response.headers());
          return new ApiResponse(response.status(), answered, Buffer.buffer(response.body()));
        })
        .recover(failure -> Future.failedFuture(failure instanceof ConnectException
            ? new ServerUnreachable(apiRequest + ": the server can't be reached", failure)
            : new ResponseLost(apiRequest + ": " + failure.getMessage(), failure)));
  }

  @Override
  public Future<Void> close() {
    return Future.succeededFuture();
  }
}
