package io.heartbeat4j.host.gateway;

import io.heartbeat4j.host.run.Admission.RunView;
import io.heartbeat4j.host.run.HostedRun;
import io.heartbeat4j.host.run.RunEvent;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;

/**
 * Server-sent events: what happens, as it happens. A reader that does not keep up is cut off; it comes back for the rest.
 */
public final class EventStream {

  private static final long SIGN_OF_LIFE_MILLIS = 15_000;
  private static final int MOST_BEHIND = 1_000;

  private final HttpServerResponse response;
  private int behind;

  private EventStream(HttpServerResponse response) {
    this.response = response;
  }

  /**
   * Begins the answer.
   *
   * @param onClose called once when the reader is gone or the stream is ended
   */
  public static EventStream open(Vertx vertx, HttpServerResponse response, Runnable onClose) {
    response.setChunked(true)
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    EventStream stream = new EventStream(response);
    long life = vertx.setPeriodic(SIGN_OF_LIFE_MILLIS, sign -> stream.write(":\n\n"));
    response.endHandler(ended -> vertx.cancelTimer(life));
    response.closeHandler(closed -> {
      vertx.cancelTimer(life);
      onClose.run();
    });
    stream.write(":\n\n"); // the headers go out at once
    return stream;
  }

  /** All events of a run to its end. */
  static void ofRun(Vertx vertx, HttpServerResponse response, RunView run) {
    HostedRun live = run.live();
    if (live == null) {
      EventStream stream = open(vertx, response, () -> { });
      if (run.ending() != null) {
        stream.send(RunJson.of(run.id(), new RunEvent.Ended(run.ending())));
      }
      stream.end();
      return;
    }
    Runnable[] stop = {() -> { }};
    EventStream stream = open(vertx, response, () -> stop[0].run());
    stop[0] = live.read(event -> {
      if (!(event instanceof RunEvent.Ended)) {
        stream.send(RunJson.of(run.id(), event));
      }
    });
    live.over().onSuccess(ending -> {
      stream.send(RunJson.of(run.id(), new RunEvent.Ended(ending)));
      stream.end();
    });
  }

  public void send(JsonObject event) {
    write("data: " + event.encode() + "\n\n");
  }

  private void write(String text) {
    if (response.ended() || response.closed()) {
      return;
    }
    behind = response.writeQueueFull() ? behind + 1 : 0;
    if (behind > MOST_BEHIND) {
      response.reset();
    } else {
      response.write(text);
    }
  }

  public void end() {
    if (!response.ended() && !response.closed()) {
      response.end();
    }
  }
}
