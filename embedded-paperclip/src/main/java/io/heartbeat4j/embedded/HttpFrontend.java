package io.heartbeat4j.embedded;

import io.heartbeat4j.embedded.rules.PaperclipApiHandler;
import io.heartbeat4j.embedded.rules.SenderIdentity;
import io.heartbeat4j.embedded.rules.ServerRequest;
import io.heartbeat4j.embedded.rules.TimeScheduler;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads HTTP requests, applies faults and hooks, and passes the requests to the rules. */
final class HttpFrontend {

  private static final Set<String> LOOPBACK_NAMES = Set.of("127.0.0.1", "localhost", "[::1]", "::1");

  private final Context context;
  private final TimeScheduler scheduler;
  private final PaperclipApiHandler api;
  private final FaultInjector faultInjector;
  private final RequestRecorder recorder;

  HttpFrontend(Context context, TimeScheduler scheduler, PaperclipApiHandler rules, FaultInjector faultInjector,
      RequestRecorder requestRecorder) {
    this.context = context;
    this.scheduler = scheduler;
    this.api = rules;
    this.faultInjector = faultInjector;
    this.recorder = requestRecorder;
  }

  void handle(HttpServerRequest request) {
    if (request.headers().contains("upgrade")) {
      // the real server closes the socket of an unknown upgrade without a response
      request.connection().close();
      return;
    }
    if (!isLoopbackName(request)) {
      request.response().setStatusCode(403).putHeader("content-type", HttpResponseWriter.JSON)
          .end("{\"error\":\"This hostname is not allowed by this server\"}");
      return;
    }
    request
        .body()
        .onSuccess(body -> serve(request, toServerRequest(request, body)))
        .onFailure(gone -> request.connection().close());
  }

  /** A name that was pointed to loopback is another site's, whose page in a browser would act as the board. */
  private static boolean isLoopbackName(HttpServerRequest request) {
    HostAndPort authority = request.authority();
    return authority != null && LOOPBACK_NAMES.contains(authority.host());
  }

  private static ServerRequest toServerRequest(HttpServerRequest request, Buffer body) {
    Map<String, String> headers = new HashMap<>();
    request.headers().forEach((name, value) -> headers.putIfAbsent(name.toLowerCase(Locale.ROOT), value));
    ServerRequest plain = ServerRequest.of(request.method().name(), request.uri());
    return new ServerRequest(
        plain.method(), plain.path(), plain.query(), headers, body.toString(StandardCharsets.UTF_8));
  }

  private void serve(HttpServerRequest http, ServerRequest serverRequest) {
    Optional<SenderIdentity> sender = api.identifySender(serverRequest);
    runHook(serverRequest)
        .onComplete(
            ready -> {
              Optional<FaultAction> fault = faultInjector.findAction(serverRequest.method(), serverRequest.path(),
                  sender.flatMap(each -> Optional.of(each.agentId())));
              HttpResponseWriter responseWriter = new HttpResponseWriter(http, serverRequest, sender, recorder);
              if (fault.isEmpty()) {
                api.handle(serverRequest).onSuccess(responseWriter::respond);
              } else {
                injectFault(responseWriter, serverRequest, fault.get());
              }
            });
  }

  /** Runs the hook for this request, if there is one, and completes when it has ended. */
  private Future<Void> runHook(ServerRequest serverRequest) {
    return faultInjector
        .takeHook(serverRequest.method(), serverRequest.path())
        .map(
            action -> {
              Promise<Void> done = Promise.promise();
              Thread.ofVirtual()
                  .name("before-request")
                  .start(() -> invokeHook(action).onComplete(any -> context.runOnContext(now -> done.complete())));
              return done.future();
            })
        .orElseGet(Future::succeededFuture);
  }

  private static Future<?> invokeHook(java.util.function.Supplier<Future<?>> action) {
    try {
      return action.get();
    } catch (RuntimeException failure) {
      System.getLogger(HttpFrontend.class.getName()).log(System.Logger.Level.ERROR, "The hook failed", failure);
      return Future.failedFuture(failure);
    }
  }

  private void injectFault(HttpResponseWriter responseWriter, ServerRequest serverRequest, FaultAction fault) {
    switch (fault) {
      case FaultAction.DropRequest dropRequest -> responseWriter.closeConnection();
      case FaultAction.DropResponse lose ->
        api.handle(serverRequest).onSuccess(lost -> responseWriter.closeConnection());
      case FaultAction.Delay delay ->
        scheduler.schedule(delay.delay(), () -> api.handle(serverRequest).onSuccess(responseWriter::respond));
      case FaultAction.Respond respond -> {
        Future<?> processed = respond.processed() ? api.handle(serverRequest) : Future.succeededFuture();
        processed.onSuccess(any -> responseWriter.respond(respond.status(), respond.headers(), respond.body()));
      }
      case FaultAction.Truncate truncate ->
        api.handle(serverRequest)
            .onSuccess(serverResponse -> responseWriter.respondTruncated(serverResponse, truncate.bytes()));
      case FaultAction.Oversize oversize ->
        api.handle(serverRequest)
            .onSuccess(serverResponse -> responseWriter.respond(200, HttpResponseWriter.JSON_HEADERS,
                "\"" + "x".repeat(oversize.bytes()) + "\""));
    }
  }
}
