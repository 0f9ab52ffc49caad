package io.heartbeat4j.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heartbeat4j.embedded.rules.RunExecution;
import io.heartbeat4j.embedded.rules.RunExecutionResult;
import io.heartbeat4j.embedded.rules.RunStartRequest;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.util.Locale;
import java.util.Map;

/** Runs an agent with one request to its URL. A 2xx response ends the run as successful. */
final class HttpRunExecution implements RunExecution {

  private final Promise<RunExecutionResult> result = Promise.promise();

  private HttpRunExecution() {}

  static RunExecution start(Context context, RunStartRequest startRequest) {
    JsonNode config = startRequest.adapterConfig();
    String url = config.path("url").asText("");
    if (url.isBlank()) {
      return RoutingRunAdapter.failedExecution("HTTP adapter missing url");
    }
    HttpRunExecution execution = new HttpRunExecution();
    HttpClient client = context.owner().createHttpClient();
    execution
        .post(client, config, url, startRequest)
        .onComplete(
            status -> {
              client.close();
              context.runOnContext(
                  now -> execution.result.tryComplete(
                      status.succeeded()
                          ? resultOf(status.result())
                          : RunExecutionResult.failed("HTTP invoke failed: " + status.cause().getMessage())));
            });
    return execution;
  }

  private Future<Integer> post(HttpClient client, JsonNode config, String url, RunStartRequest startRequest) {
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
        .compose(request -> request.send(body(config, startRequest).toString()))
        .map(response -> response.statusCode());
  }

  private static ObjectNode body(JsonNode config, RunStartRequest startRequest) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    if (config.path("payloadTemplate") instanceof ObjectNode template) {
      body.setAll(template);
    }
    body.put("agentId", startRequest.agentId()).put("runId", startRequest.runId());
    body.set("context", startRequest.context());
    return body;
  }

  private static RunExecutionResult resultOf(int status) {
    return status / 100 == 2 ? RunExecutionResult.exited(0)
        : RunExecutionResult.failed("HTTP invoke failed with status " + status);
  }

  @Override
  public Future<RunExecutionResult> result() {
    return result.future();
  }

  /** Does nothing: the server has no process for this run. */
  @Override
  public void kill() {}

  @Override
  public Future<Void> cancel() {
    return Future.succeededFuture();
  }
}
