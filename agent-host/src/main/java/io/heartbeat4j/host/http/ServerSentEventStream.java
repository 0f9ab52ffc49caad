package io.heartbeat4j.host.http;

import io.heartbeat4j.host.run.AdmissionResult.RunView;
import io.heartbeat4j.host.run.HostedRun;
import io.heartbeat4j.host.run.RunCoordinator;
import io.heartbeat4j.host.run.RunEvent;
import io.heartbeat4j.host.run.RunResult;
import io.heartbeat4j.protocol.RunId;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.Objects;

/**
 * A response of server-sent events. A client that does not keep up is disconnected; it can reconnect for the rest.
 */
public final class ServerSentEventStream {

  private static final long KEEP_ALIVE_MILLIS = 15_000;
  private static final int MAX_QUEUED = 1_000;

  private final HttpServerResponse response;
  private int queuedWhileFull;

  private ServerSentEventStream(HttpServerResponse response) {
    this.response = response;
  }

  /**
   * Begins the answer.
   *
   * @param onClose called once when the reader is gone or the stream is ended
   */
  public static ServerSentEventStream open(Vertx vertx, HttpServerResponse response, Runnable onClose) {
    response.setChunked(true)
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    ServerSentEventStream stream = new ServerSentEventStream(response);
    long life = vertx.setPeriodic(KEEP_ALIVE_MILLIS, sign -> stream.write(":\n\n"));
    response.endHandler(ended -> vertx.cancelTimer(life));
    response.closeHandler(closed -> {
      vertx.cancelTimer(life);
      onClose.run();
    });
    stream.write(":\n\n"); // the headers go out at once
    return stream;
  }

  /** All events of a run to its end; of a run that another host executes, the end. */
  static void streamRun(Vertx vertx, RunCoordinator runCoordinator, HttpServerResponse response, RunView run) {
    Runnable[] stop = {() -> {}};
    ServerSentEventStream stream = open(vertx, response, () -> stop[0].run());
    runCoordinator.awaitHereOrOver(run)
        .onSuccess(known -> {
          if (known.liveRun() == null) {
            stream.sendEnd(known.id(), Objects.requireNonNull(known.result(), "a run that is not here is over"));
          } else if (!response.closed()) {
            stop[0] = stream.follow(known.liveRun());
          }
        })
        .onFailure(gone -> stream.end());
  }

  /** Returns what stops it. */
  private Runnable follow(HostedRun run) {
    Runnable stop = run.subscribe(event -> {
      if (!(event instanceof RunEvent.Ended)) {
        send(GatewayRunRenderer.render(run.id(), event));
      }
    });
    run.completion().onSuccess(result -> sendEnd(run.id(), result)).onFailure(abandoned -> reset());
    return stop;
  }

  private void sendEnd(RunId run, RunResult result) {
    send(GatewayRunRenderer.render(run, new RunEvent.Ended(result)));
    end();
  }

  public void send(JsonObject event) {
    write("data: " + event.encode() + "\n\n");
  }

  private void write(String text) {
    if (response.ended() || response.closed()) {
      return;
    }
    queuedWhileFull = response.writeQueueFull() ? queuedWhileFull + 1 : 0;
    if (queuedWhileFull > MAX_QUEUED) {
      response.reset();
    } else {
      response.write(text);
    }
  }

  /** Breaks the connection off, so that the reader asks again. */
  private void reset() {
    if (!response.ended() && !response.closed()) {
      response.reset();
    }
  }

  public void end() {
    if (!response.ended() && !response.closed()) {
      response.end();
    }
  }
}
