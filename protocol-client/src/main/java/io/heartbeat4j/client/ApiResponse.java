package io.heartbeat4j.client;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** A complete response of the server, successful or not. */
record ApiResponse(int status, MultiMap headers, Buffer body) {

  boolean isSuccess() {
    return status >= 200 && status < 300;
  }

  @Nullable
  String header(String name) {
    return headers.get(name);
  }
}
