package io.heartbeat4j.embedded;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heartbeat4j.embedded.rules.Execution;
import io.heartbeat4j.embedded.rules.Outcome;
import io.heartbeat4j.embedded.rules.RunOrder;
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
 * A run of an agent behind a gateway, as Paperclip's {@code hermes_gateway} adapter makes it: one POST starts it, events
 * and status are followed at once, and whichever tells an end first ends it. A cancelled run is not told to the gateway.
 */
final class HermesGatewayExecution implements Execution {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Set<String> ENDS =
      Set.of("completed", "failed", "error", "cancelled", "canceled", "stopped", "interrupted");

  private final Vertx vertx;
  private final RunOrder order;
  private final HttpClient client;
  private final Promise<Outcome> outcome = Promise.promise();
  private final StringBuilder log = new StringBuilder();

  private HermesGatewayExecution(Context context, RunOrder order) {
    this.vertx = context.owner();
    this.order = order;
    this.client = vertx.createHttpClient();
  }

  static Execution start(Context context, RunOrder order) {
    HermesGatewayExecution execution = new HermesGatewayExecution(context, order);
    execution.create();
    execution.outcome.future().onComplete(over -> execution.client.close());
    return execution;
  }

  private void create() {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    if (order.adapterConfig().path("payloadTemplate") instanceof ObjectNode template) {
      body.setAll(template);
    }
    body.put("input", "You are " + order.agentName() + ".\n- Run ID: " + order.runId() + "\n");
    request(HttpMethod.POST, "/v1/runs")
        .compose(request -> request.putHeader("content-type", "application/json").send(body.toString()))
        .compose(answer -> answer.body().map(text -> {
          if (answer.statusCode() / 100 != 2) {
            throw new IllegalStateException("Hermes gateway HTTP " + answer.statusCode());
          }
          return json(text.toString()).path("run_id").asText();
        }))
        .onSuccess(this::follow)
        .onFailure(failure -> outcome.tryComplete(Outcome.failed(String.valueOf(failure.getMessage()))));
  }

  private void follow(String id) {
    events(id);
    poll(id);
    long timeout = order.adapterConfig().path("timeoutSec").asLong(600) * 1_000;
    if (timeout > 0) {
      long timer = vertx.setTimer(timeout, late -> request(HttpMethod.POST, "/v1/runs/" + id + "/stop")
          .compose(HttpClientRequest::send)
          .onComplete(told -> outcome.tryComplete(new Outcome(
              Optional.of(1), Optional.empty(), true, Optional.empty(), log.toString(), ""))));
      outcome.future().onComplete(over -> vertx.cancelTimer(timer));
    }
  }

  private void poll(String id) {
    vertx.setTimer(order.adapterConfig().path("pollIntervalMs").asLong(1_000), due -> {
      if (!outcome.future().isComplete()) {
        request(HttpMethod.GET, "/v1/runs/" + id)
            .compose(HttpClientRequest::send)
            .compose(answer -> answer.body())
            .onSuccess(body -> ended(json(body.toString())))
            .onComplete(again -> poll(id));
      }
    });
  }

  private void events(String id) {
    if (outcome.future().isComplete()) {
      return;
    }
    request(HttpMethod.GET, "/v1/runs/" + id + "/events")
        .compose(request -> request.putHeader("accept", "text/event-stream").send())
        .compose(answer -> {
          answer.handler(RecordParser.newDelimited("\n\n", this::frame));
          return answer.end();
        })
        .onComplete(broken -> vertx.setTimer(
            order.adapterConfig().path("eventReconnectMs").asLong(2_000), again -> events(id)));
  }

  private void frame(Buffer frame) {
    String text = frame.toString();
    if (text.startsWith("data:")) {
      JsonNode event = json(text.substring("data:".length()));
      log.append(event.path("delta").asText(""));
      ended(event);
    }
  }

  private void ended(JsonNode payload) {
    String status = payload.path("status").asText("");
    if (ENDS.contains(status)) {
      outcome.tryComplete(status.equals("completed")
          ? new Outcome(Optional.of(0), Optional.empty(), false, Optional.empty(), log.toString(), "")
          : Outcome.failed(payload.path("error").asText("Hermes run " + status)));
    }
  }

  private Future<HttpClientRequest> request(HttpMethod method, String path) {
    JsonNode config = order.adapterConfig();
    JsonNode issue = order.context().path("issueId");
    return client.request(new RequestOptions()
        .setMethod(method)
        .setAbsoluteURI(config.path("apiBaseUrl").asText() + path)
        .putHeader("authorization", "Bearer " + config.path("apiKey").asText())
        .putHeader("accept", "application/json")
        .putHeader("idempotency-key", order.runId())
        .putHeader("x-hermes-session-key", "paperclip:company:" + order.companyId() + ":agent:" + order.agentId()
            + (issue.isTextual() ? ":issue:" + issue.asText() : ":run:" + order.runId())));
  }

  private static JsonNode json(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException notJson) {
      return JsonNodeFactory.instance.objectNode();
    }
  }

  @Override
  public Future<Outcome> outcome() {
    return outcome.future();
  }

  /** The host at the other end is none of the server's. */
  @Override
  public void kill() {}

  @Override
  public Future<Void> cancel() {
    outcome.tryComplete(Outcome.failed("cancelled"));
    return Future.succeededFuture();
  }
}
