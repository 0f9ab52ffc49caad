package io.heartbeat4j.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heartbeat4j.embedded.rules.Execution;
import io.heartbeat4j.embedded.rules.Outcome;
import io.heartbeat4j.embedded.rules.RunOrder;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.util.Locale;
import java.util.Map;

/** A run of an agent behind a URL: any 2xx is its successful end, at once. */
final class HttpExecution implements Execution {

  private final Promise<Outcome> outcome = Promise.promise();

  private HttpExecution() {}

  static Execution start(Context context, RunOrder order) {
    JsonNode config = order.adapterConfig();
    String url = config.path("url").asText("");
    if (url.isBlank()) {
      return RunAdapters.ended("HTTP adapter missing url");
    }
    HttpExecution execution = new HttpExecution();
    HttpClient client = context.owner().createHttpClient();
    execution
        .post(client, config, url, order)
        .onComplete(
            status -> {
              client.close();
              context.runOnContext(
                  now ->
                      execution.outcome.tryComplete(
                          status.succeeded()
                              ? outcomeOf(status.result())
                              : Outcome.failed("HTTP invoke failed: " + status.cause().getMessage())));
            });
    return execution;
  }

  private Future<Integer> post(HttpClient client, JsonNode config, String url, RunOrder order) {
    RequestOptions options = new RequestOptions().setAbsoluteURI(url);
    options.setMethod(HttpMethod.valueOf(config.path("method").asText("POST").toUpperCase(Locale.ROOT)));
    options.putHeader("content-type", "application/json");
    for (Map.Entry<String, JsonNode> header : config.path("headers").properties()) {
      options.putHeader(header.getKey(), header.getValue().asText());
    }
    long timeout = config.path("timeoutMs").asLong(0);
    if (timeout > 0) {
      options.setTimeout(timeout);
    }
    return client
        .request(options)
        .compose(request -> request.send(body(config, order).toString()))
        .map(response -> response.statusCode());
  }

  private static ObjectNode body(JsonNode config, RunOrder order) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    if (config.path("payloadTemplate") instanceof ObjectNode template) {
      body.setAll(template);
    }
    body.put("agentId", order.agentId()).put("runId", order.runId());
    body.set("context", order.context());
    return body;
  }

  private static Outcome outcomeOf(int status) {
    return status / 100 == 2 ? Outcome.exit(0) : Outcome.failed("HTTP invoke failed with status " + status);
  }

  @Override
  public Future<Outcome> outcome() {
    return outcome.future();
  }

  /** The process at the other end is none of the server's. */
  @Override
  public void kill() {}

  @Override
  public Future<Void> cancel() {
    return Future.succeededFuture();
  }
}
