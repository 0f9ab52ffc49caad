package io.heartbeat4j.client;

import io.netty.handler.ssl.NotSslRecordException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/**
 * Sends one attempt of a request over HTTP/1.1: pooled connections, gzip, no redirects, bounded responses.
 */
final class HttpTransport implements SingleAttemptTransport {

  private final ServerUrl url;
  private final ClientOptions options;
  private final EventLoopConnectionPool eventLoopConnectionPool;

  HttpTransport(Vertx vertx, ServerUrl url, ClientOptions options) {
    this.url = url;
    this.options = options;
    this.eventLoopConnectionPool = new EventLoopConnectionPool(
        vertx,
        new HttpClientOptions()
            .setProtocolVersion(HttpVersion.HTTP_1_1)
            .setSsl(url.isTls())
            .setConnectTimeout((int) options.connectTimeout().toMillis())
            .setSslHandshakeTimeout(options.connectTimeout().toMillis())
            .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
            .setDecompressionSupported(true)
            .setKeepAlive(true)
            .setKeepAliveTimeout((int) ClientOptions.CONNECTION_LIFETIME.toSeconds()),
        options.poolSize(), options.eventLoops());
  }

  @Override
  public Future<ApiResponse> send(ApiRequest<?> apiRequest) {
    RequestOptions target = new RequestOptions()
        .setMethod(apiRequest.method())
        .setHost(url.host())
        .setPort(url.port())
        .setSsl(url.isTls())
        .setConnectTimeout(options.requestTimeout().toMillis()) // also the wait for a connection of the pool
        .setURI(url.basePath() + apiRequest.path());
    return Future.succeededFuture(target)
        .compose(eventLoopConnectionPool::request) // which throws where the client is closed
        .recover(failure -> Future.failedFuture(toUnreachable(failure)))
        .compose(request -> sendRequest(apiRequest, request));
  }

  private Future<ApiResponse> sendRequest(ApiRequest<?> apiRequest, HttpClientRequest request) {
    request.headers().addAll(apiRequest.headers(options));
    Buffer body = apiRequest.body();
    Future<HttpClientResponse> sent = body == null ? request.send() : request.send(body);
    return sent.compose(response -> readBody(apiRequest, response))
        .timeout(options.requestTimeout().toMillis(), TimeUnit.MILLISECONDS)
        .recover(failure -> {
          request.reset();
          return Future
              .failedFuture(failure instanceof PaperclipException known ? known : toResponseLost(apiRequest, failure));
        });
  }

  private Future<ApiResponse> readBody(ApiRequest<?> apiRequest, HttpClientResponse response) {
    Promise<ApiResponse> whole = Promise.promise();
    Buffer body = Buffer.buffer();
    response.exceptionHandler(whole::tryFail);
    response.handler(chunk -> {
      if (body.length() + chunk.length() > options.maxResponseBytes()) {
        whole.tryFail(ErrorResponseMapper.tooLarge(apiRequest, response.statusCode(), options.maxResponseBytes()));
      } else {
        body.appendBuffer(chunk);
      }
    });
    response.endHandler(end -> whole.tryComplete(new ApiResponse(response.statusCode(), response.headers(), body)));
    return whole.future();
  }

  private ServerUnreachable toUnreachable(Throwable failure) {
    String why = String.valueOf(root(failure).getMessage());
    if (isCausedBy(NotSslRecordException.class, failure)) {
      return new ServerUnreachable("the server at " + url + " does not speak TLS: use http:// in PAPERCLIP_API_URL",
          failure);
    }
    if (isCausedBy(GeneralSecurityException.class, failure)) {
      return new ServerUnreachable("the certificate of the server at " + url + " is not trusted (" + why
          + "): put it into a trust store and name that with the JVM option -Djavax.net.ssl.trustStore=FILE", failure);
    }
    if (isCausedBy(SSLException.class, failure)) {
      return new ServerUnreachable("the server at " + url + " hung up on the TLS handshake"
          + ": if it speaks plain HTTP, use http:// in PAPERCLIP_API_URL", failure);
    }
    if (isCausedBy(UnknownHostException.class, failure)) {
      return new ServerUnreachable("no host of that name: " + url + "; check PAPERCLIP_API_URL", failure);
    }
    return new ServerUnreachable("the server at " + url + " can't be reached (" + why
        + "): is it running, and is PAPERCLIP_API_URL right?", failure);
  }

  private ResponseLost toResponseLost(ApiRequest<?> apiRequest, Throwable failure) {
    String why = failure instanceof TimeoutException
        ? "no answer within " + options.requestTimeout().toMillis() + " ms"
        : "the connection broke before the whole answer was there (" + failure.getMessage() + ")"
            + (url.isTls() ? "" : "; if the server speaks TLS, use https://");
    return new ResponseLost(apiRequest + " at " + url + ": " + why, failure);
  }

  private static boolean isCausedBy(Class<? extends Throwable> type, Throwable failure) {
    return causes(failure).anyMatch(type::isInstance);
  }

  private static Throwable root(Throwable failure) {
    return causes(failure).reduce(failure, (outer, inner) -> inner);
  }

  private static Stream<Throwable> causes(Throwable failure) {
    return Stream.<Throwable>iterate(failure, Objects::nonNull, Throwable::getCause).limit(20);
  }

  @Override
  public Future<Void> close() {
    return eventLoopConnectionPool.close();
  }
}
