package io.heartbeat4j.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.github.resilience4j.retry.Retry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;

/** Sends calls until they are answered or given up. Every attempt runs on the caller's loop. */
final class Transport {

  private static final int MOST_CREATES = 4;

  private final Loop loop;
  private final ServerUrl url;
  private final Attempts attempts;
  private final Retries retries;
  private final Circuit circuit;
  private final FewAtOnce creates = new FewAtOnce(MOST_CREATES);

  Transport(Loop loop, ServerUrl url, ClientOptions options, Attempts attempts) {
    this.loop = loop;
    this.url = url;
    this.attempts = attempts;
    this.retries = new Retries(options);
    this.circuit = new Circuit(url, loop.clock());
  }

  ServerUrl url() {
    return url;
  }

  Clock clock() {
    return loop.clock();
  }

  <T> Future<T> send(Call<T> call) {
    Promise<T> end = Promise.promise();
    Loop here = loop.here();
    Retry.AsyncContext<T> repeats = retries.of(call.repeat()).asyncContext();
    here.run(() -> attempt(call, here, repeats, end));
    return end.future();
  }

  private <T> void attempt(Call<T> call, Loop here, Retry.AsyncContext<T> repeats, Promise<T> end) {
    Future<T> one = call.repeat() == Repeat.KEYED_CREATE ? creates.send(here, () -> once(call)) : once(call);
    one.onComplete(answer -> here.run(() -> {
      if (answer.succeeded()) {
        repeats.onComplete();
        end.complete(answer.result());
        return;
      }
      long wait = repeats.onError(answer.cause());
      if (wait < 0) {
        end.fail(answer.cause());
      } else {
        here.after(Duration.ofMillis(Math.max(1, wait)), () -> attempt(call, here, repeats, end));
      }
    }));
  }

  private <T> Future<T> once(Call<T> call) {
    if (circuit.isOpen()) {
      return Future.failedFuture(new Unreachable(
          "the server at " + url + " has not answered for a while; it is left alone for some seconds", null));
    }
    long started = loop.clock().millis();
    return attempts.send(call)
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
    return attempts.close();
  }
}
