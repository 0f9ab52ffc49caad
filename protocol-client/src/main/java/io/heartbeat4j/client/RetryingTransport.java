package io.heartbeat4j.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.github.resilience4j.retry.Retry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Sends requests with retries, circuit breaker and concurrency limit. Every attempt runs on the caller's event loop. */
final class RetryingTransport {

  private static final int MAX_CONCURRENT_CREATES = 4;

  private final Scheduler scheduler;
  private final ServerUrl url;
  private final SingleAttemptTransport transport;
  private final RetryPolicy retryPolicy;
  private final ServerCircuitBreaker circuitBreaker;
  private final ServerTime serverTime;
  private final AsyncSemaphore createPermits;
  private final BooleanSupplier mayWrite;

  RetryingTransport(Scheduler scheduler, ServerUrl url, ClientOptions options,
      SingleAttemptTransport singleAttemptTransport) {
    this.scheduler = scheduler;
    this.url = url;
    this.transport = singleAttemptTransport;
    this.retryPolicy = new RetryPolicy(options);
    this.circuitBreaker = new ServerCircuitBreaker(url, scheduler.clock());
    this.serverTime = new ServerTime();
    this.createPermits = new AsyncSemaphore(MAX_CONCURRENT_CREATES);
    this.mayWrite = () -> true;
  }

  private RetryingTransport(RetryingTransport shared, BooleanSupplier mayWrite) {
    this.scheduler = shared.scheduler;
    this.url = shared.url;
    this.transport = shared.transport;
    this.retryPolicy = shared.retryPolicy;
    this.circuitBreaker = shared.circuitBreaker;
    this.serverTime = shared.serverTime;
    this.createPermits = shared.createPermits;
    this.mayWrite = mayWrite;
  }

  RetryingTransport writingWhile(BooleanSupplier allowed) {
    return new RetryingTransport(this, allowed);
  }

  ServerUrl url() {
    return url;
  }

  ServerTime serverTime() {
    return serverTime;
  }

  Clock clock() {
    return scheduler.clock();
  }

  <T> Future<T> send(ApiRequest<T> apiRequest) {
    Promise<T> end = Promise.promise();
    Scheduler here = scheduler.onCurrentContext();
    Retry.AsyncContext<T> repeats = retryPolicy.retryFor(apiRequest.retryMode()).asyncContext();
    here.execute(() -> attempt(apiRequest, here, repeats, null, end));
    return end.future();
  }

  /** @param earlier how the attempt before failed; suppressed in the failure of this one, which then knows of it */
  private <T> void attempt(ApiRequest<T> apiRequest, Scheduler here, Retry.AsyncContext<T> repeats,
      @Nullable Throwable earlier, Promise<T> end) {
    Future<T> one = apiRequest.retryMode() == RetryMode.KEYED_CREATE
        ? createPermits.withPermit(here, () -> sendOnce(apiRequest))
        : sendOnce(apiRequest);
    one.onComplete(answer -> here.execute(() -> {
      if (answer.succeeded()) {
        repeats.onComplete();
        end.complete(answer.result());
        return;
      }
      Throwable failure = answer.cause();
      if (earlier != null) {
        failure.addSuppressed(earlier);
      }
      long wait = repeats.onError(failure);
      if (wait < 0) {
        end.fail(failure);
      } else {
        here.schedule(Duration.ofMillis(Math.max(1, wait)), () -> attempt(apiRequest, here, repeats, failure, end));
      }
    }));
  }

  private <T> Future<T> sendOnce(ApiRequest<T> apiRequest) {
    if (!apiRequest.method().equals(HttpMethod.GET) && !mayWrite.getAsBoolean()) {
      return Future.failedFuture(new ServerUnreachable(
          apiRequest + " was not sent: this process was out of touch with its storage, so that another one may do the"
              + " same work",
          null));
    }
    if (circuitBreaker.isOpen()) {
      return Future.failedFuture(new ServerUnreachable(
          "the server at " + url + " has not answered for a while; it is left alone for some seconds", null));
    }
    long started = scheduler.clock().millis();
    return transport.send(apiRequest)
        .onSuccess(serverTime::record)
        .<T>compose(apiResponse -> readResponse(apiRequest, apiResponse))
        .onSuccess(value -> circuitBreaker.recordSuccess(started))
        .onFailure(failure -> circuitBreaker.recordFailure(started, failure));
  }

  private static <T> Future<T> readResponse(ApiRequest<T> apiRequest, ApiResponse apiResponse) {
    if (!apiResponse.isSuccess()) {
      return Future.failedFuture(ErrorResponseMapper.toException(apiRequest, apiResponse));
    }
    try {
      return Future.succeededFuture(apiRequest.reader().read(apiResponse));
    } catch (IOException | IllegalArgumentException unreadable) {
      IOException cause = unreadable instanceof IOException io ? io
          : new IOException(unreadable.getMessage(), unreadable);
      return Future.failedFuture(ErrorResponseMapper.unreadable(apiRequest, apiResponse, cause));
    }
  }

  static Buffer toJson(Object body) {
    try {
      return Buffer.buffer(ProtocolJson.mapper().writeValueAsBytes(body));
    } catch (JsonProcessingException impossible) {
      throw new IllegalArgumentException("not to be written as JSON: " + body.getClass().getSimpleName(), impossible);
    }
  }

  Future<Void> close() {
    return transport.close();
  }
}
