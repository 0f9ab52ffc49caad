package io.heartbeat4j.embedded;

import io.heartbeat4j.embedded.rules.PaperclipRules;
import io.heartbeat4j.embedded.rules.Request;
import io.heartbeat4j.embedded.rules.Sender;
import io.heartbeat4j.embedded.rules.Time;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Between sockets and rules: reads requests, disturbs them where a fault says so, and records them. */
final class HttpShell {

  private final Context context;
  private final Time time;
  private final PaperclipRules rules;
  private final Faults faults;
  private final Requests requests;

  HttpShell(Context context, Time time, PaperclipRules rules, Faults faults, Requests requests) {
    this.context = context;
    this.time = time;
    this.rules = rules;
    this.faults = faults;
    this.requests = requests;
  }

  void handle(HttpServerRequest request) {
    if (request.headers().contains("upgrade")) {
      // the server leaves a socket that asks for an upgrade which it does not know
      request.connection().close();
      return;
    }
    request
        .body()
        .onSuccess(body -> serve(request, requestOf(request, body)))
        .onFailure(gone -> request.connection().close());
  }

  private static Request requestOf(HttpServerRequest request, Buffer body) {
    Map<String, String> headers = new HashMap<>();
    request.headers().forEach((name, value) -> headers.putIfAbsent(name.toLowerCase(Locale.ROOT), value));
    Request plain = Request.of(request.method().name(), request.uri());
    return new Request(
        plain.method(), plain.path(), plain.query(), headers, body.toString(StandardCharsets.UTF_8));
  }

  private void serve(HttpServerRequest http, Request request) {
    Optional<Sender> sender = rules.sender(request);
    hook(request)
        .onComplete(
            ready -> {
              Optional<FaultAction> fault =
                  faults.action(request.method(), request.path(), sender.flatMap(each -> Optional.of(each.agentId())));
              Exchange exchange = new Exchange(http, request, sender, requests);
              if (fault.isEmpty()) {
                rules.handle(request).onSuccess(exchange::answer);
              } else {
                disturb(exchange, request, fault.get());
              }
            });
  }

  /** Waits for the action that somebody wants to have happened before this request. */
  private Future<Void> hook(Request request) {
    return faults
        .hook(request.method(), request.path())
        .map(
            action -> {
              Promise<Void> done = Promise.promise();
              Thread.ofVirtual()
                  .name("before-request")
                  .start(() -> run(action).onComplete(any -> context.runOnContext(now -> done.complete())));
              return done.future();
            })
        .orElseGet(Future::succeededFuture);
  }

  private static Future<?> run(java.util.function.Supplier<Future<?>> action) {
    try {
      return action.get();
    } catch (RuntimeException failure) {
      System.getLogger(HttpShell.class.getName()).log(System.Logger.Level.ERROR, "A hook failed", failure);
      return Future.failedFuture(failure);
    }
  }

  private void disturb(Exchange exchange, Request request, FaultAction fault) {
    switch (fault) {
      case FaultAction.Drop drop -> exchange.breakOff();
      case FaultAction.LoseAnswer lose -> rules.handle(request).onSuccess(lost -> exchange.breakOff());
      case FaultAction.Delay delay ->
          time.after(delay.delay(), () -> rules.handle(request).onSuccess(exchange::answer));
      case FaultAction.Answer answer -> {
        Future<?> processed = answer.processed() ? rules.handle(request) : Future.succeededFuture();
        processed.onSuccess(any -> exchange.answer(answer.status(), answer.headers(), answer.body()));
      }
      case FaultAction.Truncate truncate ->
          rules.handle(request).onSuccess(response -> exchange.truncate(response, truncate.bytes()));
      case FaultAction.Oversize oversize ->
          rules.handle(request).onSuccess(response -> exchange.answer(200, jsonType(), "\"" + "x".repeat(oversize.bytes()) + "\""));
    }
  }

  private static Map<String, String> jsonType() {
    return Map.of("content-type", Exchange.JSON);
  }
}
