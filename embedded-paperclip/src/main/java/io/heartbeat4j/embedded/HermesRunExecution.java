package io.heartbeat4j.embedded;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heartbeat4j.embedded.rules.RunExecution;
import io.heartbeat4j.embedded.rules.RunExecutionResult;
import io.heartbeat4j.embedded.rules.RunStartRequest;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.parsetools.RecordParser;
import java.util.Optional;
import java.util.Set;

/**
 * Runs an agent through a gateway, like Paperclip's {@code hermes_gateway} adapter. A POST starts the run. The event
 * stream and the polled status are read in parallel; the first terminal status ends the run. A cancel sends nothing to
 * the gateway, because Paperclip's adapter does not either.
 */
final class HermesRunExecution implements RunExecution {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Set<String> TERMINAL_STATUSES = Set.of("completed", "failed", "error", "cancelled", "canceled",
      "stopped", "interrupted");

  private final Vertx vertx;
  private final RunStartRequest startRequest;
  private final HttpClient client;
  private final Promise<RunExecutionResult> result = Promise.promise();
  private final StringBuilder log = new StringBuilder();

  private HermesRunExecution(Context context, RunStartRequest startRequest) {
    this.vertx = context.owner();
    this.startRequest = startRequest;
    this.client = vertx.createHttpClient();
  }

  static RunExecution start(Context context, RunStartRequest startRequest) {
    HermesRunExecution execution = new HermesRunExecution(context, startRequest);
    execution.createRun();
    execution.result.future().onComplete(over -> execution.client.close());
    return execution;
  }

  private void createRun() {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    if (startRequest.adapterConfig().path("payloadTemplate") instanceof ObjectNode template) {
      body.setAll(template);
    }
    body.put("input", "You are " + startRequest.agentName() + ".\n- Run ID: " + startRequest.runId() + "\n");
    request(HttpMethod.POST, "/v1/runs")
        .compose(request -> request.putHeader("content-type", "application/json").send(body.toString()))
        .compose(answer -> answer.body().map(text -> {
          if (answer.statusCode() / 100 != 2) {
            throw new IllegalStateException("Hermes gateway HTTP " + answer.statusCode());
          }
          return json(text.toString()).path("run_id").asText();
        }))
        .onSuccess(this::trackRun)
        .onFailure(failure -> result.tryComplete(RunExecutionResult.failed(String.valueOf(failure.getMessage()))));
  }

  private void trackRun(String id) {
    streamEvents(id);
    pollStatus(id);
    long timeout = startRequest.adapterConfig().path("timeoutSec").asLong(600) * 1_000;
    if (timeout > 0) {
      long timer = vertx.setTimer(timeout, late -> request(HttpMethod.POST, "/v1/runs/" + id + "/stop")
          .compose(HttpClientRequest::send)
          .onComplete(told -> result.tryComplete(new RunExecutionResult(
              Optional.of(1), Optional.empty(), true, Optional.empty(), log.toString(), ""))));
      result.future().onComplete(over -> vertx.cancelTimer(timer));
    }
  }

  private void pollStatus(String id) {
    vertx.setTimer(startRequest.adapterConfig().path("pollIntervalMs").asLong(1_000), due -> {
      if (!result.future().isComplete()) {
        request(HttpMethod.GET, "/v1/runs/" + id)
            .compose(HttpClientRequest::send)
            .compose(answer -> answer.body())
            .onSuccess(body -> completeIfTerminal(json(body.toString())))
            .onComplete(again -> pollStatus(id));
      }
    });
  }

  private void streamEvents(String id) {
    if (result.future().isComplete()) {
      return;
    }
    request(HttpMethod.GET, "/v1/runs/" + id + "/events")
        .compose(request -> request.putHeader("accept", "text/event-stream").send())
        .compose(answer -> {
          answer.handler(RecordParser.newDelimited("\n\n", this::handleEvent));
          return answer.end();
        })
        .onComplete(broken -> vertx.setTimer(
            startRequest.adapterConfig().path("eventReconnectMs").asLong(2_000), again -> streamEvents(id)));
  }

  private void handleEvent(Buffer frame) {
    String text = frame.toString();
    if (text.startsWith("data:")) {
      JsonNode event = json(text.substring("data:".length()));
      log.append(event.path("delta").asText(""));
      completeIfTerminal(event);
    }
  }

  private void completeIfTerminal(JsonNode payload) {
    String status = payload.path("status").asText("");
    if (TERMINAL_STATUSES.contains(status)) {
      result.tryComplete(status.equals("completed")
          ? new RunExecutionResult(Optional.of(0), Optional.empty(), false, Optional.empty(), log.toString(), "")
          : RunExecutionResult.failed(payload.path("error").asText("Hermes run " + status)));
    }
  }

  private Future<HttpClientRequest> request(HttpMethod method, String path) {
    JsonNode config = startRequest.adapterConfig();
    JsonNode issue = startRequest.context().path("issueId");
    return client.request(new RequestOptions()
        .setMethod(method)
        .setAbsoluteURI(config.path("apiBaseUrl").asText() + path)
        .putHeader("authorization", "Bearer " + config.path("apiKey").asText())
        .putHeader("accept", "application/json")
        .putHeader("idempotency-key", startRequest.runId())
        .putHeader("x-hermes-session-key",
            "paperclip:company:" + startRequest.companyId() + ":agent:" + startRequest.agentId()
                + (issue.isTextual() ? ":issue:" + issue.asText() : ":run:" + startRequest.runId())));
  }

  private static JsonNode json(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException notJson) {
      return JsonNodeFactory.instance.objectNode();
    }
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
    result.tryComplete(RunExecutionResult.failed("cancelled"));
    return Future.succeededFuture();
  }
}
