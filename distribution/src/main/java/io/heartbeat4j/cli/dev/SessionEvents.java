package io.heartbeat4j.cli.dev;

import io.heartbeat4j.embedded.RecordedRequest;
import io.heartbeat4j.heartbeat.event.HeartbeatEvent;
import io.heartbeat4j.redaction.Redactor;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.Locale;

/** Writes what happens in a session as the events that the page reads, without secrets. Thread-safe. */
final class SessionEvents {

  private static final int MAX_TEXT = 16_000;

  private final EventFeed feed;
  private final Redactor redactor;
  private final Clock clock;

  SessionEvents(EventFeed feed, Redactor redactor, Clock clock) {
    this.feed = feed;
    this.redactor = redactor;
    this.clock = clock;
  }

  void runStarted(String run, String issue, String reason, LoadedWorker worker) {
    publish(new JsonObject().put("type", "run").put("run", run).put("issue", issue).put("reason", reason)
        .put("worker", worker.name()).put("load", worker.number()).put("phase", "running"));
  }

  /** @param phase completed, failed or killed */
  void runEnded(String run, String phase, String text) {
    publish(new JsonObject().put("type", "end").put("run", run).put("phase", phase).put("text", clean(text)));
  }

  void step(HeartbeatEvent event) {
    publish(new JsonObject().put("type", "step").put("run", event.run().toString())
        .put("step", event.step().number()).put("name", event.step().title())
        .put("kind", event.kind().name().toLowerCase(Locale.ROOT))
        .put("issue", event.issue().orElse("")).put("text", clean(event.message())));
  }

  void request(RecordedRequest request, String answer) {
    publish(new JsonObject().put("type", "request").put("run", request.runId().orElse(""))
        .put("method", request.method()).put("target", request.target()).put("status", request.status())
        .put("body", clean(request.body())).put("answer", clean(answer)));
  }

  void workerLoaded(LoadedWorker worker) {
    publish(new JsonObject().put("type", "worker").put("worker", worker.name()).put("load", worker.number())
        .put("problem", ""));
  }

  /** @param kept the worker that goes on */
  void workerRefused(LoadedWorker kept, String problem) {
    publish(new JsonObject().put("type", "worker").put("worker", kept.name()).put("load", kept.number())
        .put("problem", clean(problem)));
  }

  void fault(String text) {
    publish(new JsonObject().put("type", "fault").put("text", text));
  }

  void line(String text) {
    publish(new JsonObject().put("type", "log").put("text", clean(text)));
  }

  private void publish(JsonObject event) {
    feed.publish(event.put("at", clock.instant().toString()));
  }

  private String clean(String text) {
    String plain = redactor.redact(text);
    return plain.length() <= MAX_TEXT ? plain : plain.substring(0, MAX_TEXT) + "… (" + plain.length() + " characters)";
  }
}
