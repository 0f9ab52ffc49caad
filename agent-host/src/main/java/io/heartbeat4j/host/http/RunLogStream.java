package io.heartbeat4j.host.http;

import io.heartbeat4j.host.run.AdmissionResult.RunView;
import io.heartbeat4j.host.run.HostedRun;
import io.heartbeat4j.host.run.RunLog;
import io.heartbeat4j.host.run.RunResult;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;

/**
 * The log of a run as server-sent events, each with the offset after it as its id, then the run's end. It is read from
 * the log's file only as fast as the reader takes it.
 */
final class RunLogStream {

  private final HttpServerResponse response;
  private final HostedRun run;
  private final RunLog log;
  private Runnable stop = () -> {};
  private long offset;
  private boolean reading;
  private boolean complete;

  private RunLogStream(HttpServerResponse response, HostedRun run, RunLog log, long offset) {
    this.response = response;
    this.run = run;
    this.log = log;
    this.offset = offset;
  }

  /** Begins the answer with the log of a run that is here. */
  static void open(Vertx vertx, HttpServerResponse response, HostedRun run, RunLog log, long from, Runnable onClose) {
    RunLogStream stream = new RunLogStream(response, run, log, from < 0 || from > log.length() ? 0 : from);
    stream.stop = log.follow(stream::proceed);
    ServerSentEventStream.open(vertx, response, () -> {
      stream.stop.run();
      onClose.run();
    });
    response.drainHandler(drained -> stream.proceed());
    run.completion()
        .onSuccess(result -> log.flushed().onComplete(written -> {
          stream.complete = true;
          stream.proceed();
        }))
        .onFailure(abandoned -> stream.reset());
    stream.proceed();
  }

  /** The last event. */
  static Buffer end(RunView run, RunResult result) {
    return frame("end", AdapterJson.result(run, result));
  }

  private static Buffer frame(String event, JsonObject data) {
    return Buffer.buffer("event: " + event + "\ndata: " + data.encode() + "\n\n");
  }

  private void proceed() {
    if (reading || response.ended() || response.closed() || response.writeQueueFull()) {
      return;
    }
    if (offset < log.length()) {
      reading = true;
      log.read(offset).onSuccess(lines -> {
        reading = false;
        send(lines);
        proceed();
      }).onFailure(unreadable -> reset());
    } else if (complete) {
      stop.run();
      response.end(end(RunView.of(run), run.completion().result()));
    }
  }

  /** Cuts the stream off, so that the reader asks again. */
  private void reset() {
    stop.run();
    if (!response.ended() && !response.closed()) {
      response.reset();
    }
  }

  private void send(Buffer lines) {
    Buffer frames = Buffer.buffer(lines.length() * 2);
    for (int from = 0, to = 0; to < lines.length(); to++) {
      if (lines.getByte(to) == '\n') {
        frames.appendString("id: " + (offset + to + 1) + "\nevent: log\ndata: ")
            .appendBuffer(lines, from, to - from).appendString("\n\n");
        from = to + 1;
      }
    }
    offset += lines.length();
    if (!response.ended() && !response.closed()) {
      response.write(frames);
    }
  }
}
