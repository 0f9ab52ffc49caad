package io.heartbeat4j.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.github.resilience4j.retry.Retry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.Clock;

/** Sends calls until they are answered or given up. Every attempt runs on the caller's context. */
final class Transport {

  private final Vertx vertx;
  private final ServerUrl url;
  private final Exchange exchange;
  private final Retries retries;
  private final Circuit circuit;

  Transport(Vertx vertx, ServerUrl url, ClientOptions options) {
    this.vertx = vertx;
    this.url = url;
    this.exchange = new Exchange(vertx, url, options);
    this.retries = new Retries(options);
    this.circuit = new Circuit(url, Clock.systemUTC());
  }

  ServerUrl url() {
    return url;
  }

  <T> Future<T> send(Call<T> call) {
    Promise<T> end = Promise.promise();
    Context context = vertx.getOrCreateContext();
    Retry.AsyncContext<T> attempts = retries.of(call.repeat()).asyncContext();
    context.runOnContext(go -> attempt(call, context, attempts, end));
    return end.future();
  }

  private <T> void attempt(Call<T> call, Context context, Retry.AsyncContext<T> attempts, Promise<T> end) {
    once(call).onComplete(answer -> context.runOnContext(back -> {
      if (answer.succeeded()) {
        attempts.onComplete();
        end.complete(answer.result());
        return;
      }
      long wait = attempts.onError(answer.cause());
      if (wait < 0) {
        end.fail(answer.cause());
      } else {
        vertx.setTimer(Math.max(1, wait), again -> attempt(call, context, attempts, end));
      }
    }));
  }

  private <T> Future<T> once(Call<T> call) {
    if (circuit.isOpen()) {
      return Future.failedFuture(new Unreachable(
          "the server at " + url + " has not answered for a while; it is left alone for some seconds", null));
    }
    long started = System.nanoTime();
    return exchange.send(call)
        .<T>compose(answer -> read(call, answer))
        .onSuccess(value -> circuit.succeeded(started))
        .onFailure(failure -> circuit.failed(started, failure));
  }

  private static <T> Future<T> read(Call<T> call, Answer answer) {
    if (!answer.isSuccess()) {
      return Future.failedFuture(Refusals.of(call, answer));
    }
    try {
      return Future.succeededFuture(call.reading().read(answer));
    } catch (IOException | IllegalArgumentException unreadable) {
      IOException cause = unreadable instanceof IOException io ? io : new IOException(unreadable.getMessage(), unreadable);
      return Future.failedFuture(Refusals.unreadable(call, answer, cause));
    }
  }

  static Buffer json(Object body) {
    try {
      return Buffer.buffer(ProtocolJson.mapper().writeValueAsBytes(body));
    } catch (JsonProcessingException impossible) {
      throw new IllegalArgumentException("not to be written as JSON: " + body.getClass().getSimpleName(), impossible);
    }
  }

  Future<Void> close() {
    return exchange.close();
  }
}
