package io.heartbeat4j.host.observability;

import io.heartbeat4j.heartbeat.event.HeartbeatEvent;
import io.heartbeat4j.host.config.TracingConfiguration;
import io.heartbeat4j.host.run.HostedRun;
import io.heartbeat4j.host.run.RunListener;
import io.heartbeat4j.host.run.RunPhase;
import io.heartbeat4j.host.run.RunResult;
import io.heartbeat4j.protocol.RunId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A trace per run and in it a span per step, sent to an OpenTelemetry collector in its JSON over HTTP (OTLP 1). The
 * trace's id is the run's, so that a run is found by what Paperclip calls it. Nothing waits for the collector: where it
 * does not keep up, spans are dropped and counted in the log. Confined to the host's event loop.
 */
public final class TraceExporter implements RunListener {

  private static final Logger LOG = LoggerFactory.getLogger(TraceExporter.class);
  private static final int MAX_PENDING = 5_000;
  private static final int BATCH = 500;
  private static final long EXPORT_INTERVAL_MILLIS = 2_000;
  private static final int INTERNAL = 1;
  private static final int SERVER = 2;
  private static final int ERROR = 2;

  private final HttpClient client;
  private final TracingConfiguration configuration;
  private final RandomGenerator random;
  private final Map<RunId, RunTrace> current = new HashMap<>();
  private final List<JsonObject> pendingSpans = new ArrayList<>();
  private boolean sending;
  private int dropped;

  private static final class RunTrace {

    private final String root;
    private Instant lastStep;

    RunTrace(String root, Instant begun) {
      this.root = root;
      this.lastStep = begun;
    }
  }

  /** @param random makes the ids of spans */
  public TraceExporter(Vertx vertx, TracingConfiguration to, RandomGenerator random) {
    this.client = vertx.createHttpClient();
    this.configuration = to;
    this.random = random;
    vertx.setPeriodic(EXPORT_INTERVAL_MILLIS, tick -> flush());
  }

  @Override
  public void accepted(HostedRun run) {
    current.put(run.id(), new RunTrace(spanId(), run.acceptedAt()));
  }

  @Override
  public void stepped(HostedRun run, HeartbeatEvent event) {
    RunTrace runTrace = current.get(run.id());
    if (runTrace == null || event.kind() == HeartbeatEvent.Kind.PROGRESS
        || event.kind() == HeartbeatEvent.Kind.SESSION) {
      return;
    }
    JsonArray attributes = attributes(run)
        .add(attribute("heartbeat.step", event.step().number()))
        .add(attribute("heartbeat.kind", event.kind().name().toLowerCase(Locale.ROOT)))
        .add(attribute("heartbeat.message", event.message()));
    JsonObject span = span(run, event.step().number() + " " + event.step().title(), INTERNAL, spanId(),
        runTrace.lastStep, event.at())
        .put("parentSpanId", runTrace.root)
        .put("attributes", attributes);
    if (event.kind() == HeartbeatEvent.Kind.FAILED) {
      span.put("status", new JsonObject().put("code", ERROR).put("message", event.message()));
    }
    runTrace.lastStep = event.at();
    add(span);
  }

  @Override
  public void ended(HostedRun run, RunResult result) {
    RunTrace runTrace = current.remove(run.id());
    if (runTrace == null) {
      return;
    }
    JsonObject span = span(run, "heartbeat", SERVER, runTrace.root, run.acceptedAt(), result.at())
        .put("attributes", attributes(run)
            .add(attribute("heartbeat.way", run.channel().name().toLowerCase(Locale.ROOT)))
            .add(attribute("heartbeat.phase", result.phase().wireName()))
            .add(attribute("heartbeat.output", result.output())));
    if (result.phase() == RunPhase.FAILED) {
      span.put("status", new JsonObject().put("code", ERROR).put("message", result.error()));
    }
    add(span);
  }

  private static JsonArray attributes(HostedRun run) {
    JsonArray all = new JsonArray()
        .add(attribute("paperclip.agent", run.agent().displayName()))
        .add(attribute("paperclip.run", run.id().toString()));
    return run.issue().isEmpty() ? all : all.add(attribute("paperclip.issue", run.facts().taskLabel()));
  }

  private static JsonObject attribute(String key, Object value) {
    return new JsonObject().put("key", key).put("value", value instanceof Integer number
        ? new JsonObject().put("intValue", number.toString())
        : new JsonObject().put("stringValue", value));
  }

  private static JsonObject span(HostedRun run, String name, int kind, String id, Instant from, Instant to) {
    return new JsonObject()
        .put("traceId", run.id().toString().replace("-", "").toLowerCase(Locale.ROOT))
        .put("spanId", id)
        .put("name", name)
        .put("kind", kind)
        .put("startTimeUnixNano", nanos(from))
        .put("endTimeUnixNano", nanos(to.isBefore(from) ? from : to));
  }

  private static String nanos(Instant at) {
    return String.valueOf(TimeUnit.SECONDS.toNanos(at.getEpochSecond()) + at.getNano());
  }

  private String spanId() {
    return HexFormat.of().toHexDigits(random.nextLong() | 1); // all zeroes are no id
  }

  private void add(JsonObject span) {
    if (pendingSpans.size() >= MAX_PENDING) {
      dropped++;
    } else {
      pendingSpans.add(span);
    }
  }

  /** Sends what waits, a batch after the other. Never fails. */
  public Future<Void> flush() {
    if (sending || pendingSpans.isEmpty()) {
      return Future.succeededFuture();
    }
    sending = true;
    List<JsonObject> batch = List.copyOf(pendingSpans.subList(0, Math.min(BATCH, pendingSpans.size())));
    return post(batch).transform(posted -> {
      sending = false;
      if (posted.failed()) {
        LOG.warn("spans can't be sent to {}: {}; {} wait, {} were dropped", configuration.endpoint(),
            posted.cause().getMessage(),
            pendingSpans.size(), dropped);
        return Future.succeededFuture();
      }
      pendingSpans.subList(0, batch.size()).clear();
      return flush();
    });
  }

  private Future<Void> post(List<JsonObject> spans) {
    RequestOptions options = new RequestOptions().setMethod(HttpMethod.POST)
        .setAbsoluteURI(configuration.endpoint().toString())
        .setTimeout(TimeUnit.SECONDS.toMillis(10));
    configuration.headers().forEach((name, value) -> options.putHeader(name, value.reveal()));
    options.putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
    return client.request(options)
        .compose(request -> request.send(exportRequest(spans).toBuffer()).compose(answer -> answer.body().map(answer)))
        .compose(answer -> answer.statusCode() < 300
            ? Future.succeededFuture()
            : Future.failedFuture("the collector answered " + answer.statusCode()));
  }

  private static JsonObject exportRequest(List<JsonObject> spans) {
    return new JsonObject().put("resourceSpans", new JsonArray().add(new JsonObject()
        .put("resource",
            new JsonObject().put("attributes", new JsonArray().add(attribute("service.name", "heartbeat4j"))))
        .put("scopeSpans", new JsonArray().add(new JsonObject()
            .put("scope", new JsonObject().put("name", "io.heartbeat4j"))
            .put("spans", new JsonArray(spans))))));
  }
}
