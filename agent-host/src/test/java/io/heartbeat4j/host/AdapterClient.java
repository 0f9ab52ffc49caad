package io.heartbeat4j.host;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.heartbeat4j.embedded.InProcessWake;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.parsetools.RecordParser;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Paperclip's heartbeat4j adapter, as its host sees it: wakes that the server hands it, and its requests. */
final class AdapterClient {

  /** An event of a stream. */
  record Event(@Nullable String id, String name, JsonObject data) {}

  private final HostFixture scene;
  private final HttpClient client;
  private final Path socket;
  private final BlockingQueue<InProcessWake> wakes = new LinkedBlockingQueue<>();
  private final Map<String, Promise<Integer>> running = new java.util.concurrent.ConcurrentHashMap<>();

  AdapterClient(HostFixture scene, Path socket) {
    this.scene = scene;
    this.socket = socket;
    this.client = scene.vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(50));
  }

  /** A new agent whose wakes wait in {@link #nextWake}. */
  String addAgent(String name) {
    return addAgent(scene.company, name);
  }

  String addAgent(String company, String name) {
    String agent = HostFixture.await(scene.embeddedBoard.createAgent(company, name,
        Map.of("adapterType", "heartbeat4j"))).path("id").asText();
    scene.server.setWakeHandler(agent, wake -> {
      Promise<Integer> ended = Promise.promise();
      running.put(wake.runId(), ended);
      wakes.add(wake);
      return ended.future();
    });
    return agent;
  }

  /** The next run that the server starts. It runs on the server until {@link #end}. */
  InProcessWake nextWake() {
    try {
      return Objects.requireNonNull(wakes.poll(HostFixture.LIMIT_SECONDS, TimeUnit.SECONDS), "no wake came");
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  /** What execute returns to the server. */
  void end(InProcessWake wake, int exitCode) {
    Objects.requireNonNull(running.get(wake.runId())).complete(exitCode);
  }

  /** The body for a wake. */
  static JsonObject body(InProcessWake wake) {
    return new JsonObject().put("runId", wake.runId()).put("agentId", wake.agentId())
        .put("companyId", wake.companyId()).put("context", new JsonObject(wake.context().toString()));
  }

  HostFixture.HttpReply start(InProcessWake wake, JsonObject body) {
    return request(HttpMethod.POST, "runs", wake.token(), body.encode());
  }

  HostFixture.HttpReply start(InProcessWake wake) {
    return start(wake, body(wake));
  }

  HostFixture.HttpReply request(HttpMethod method, String path, String token, String body) {
    RequestOptions to = to(method, path).putHeader("Paperclip-Run-Token", token);
    // on the request's own loop, so that the body is asked for before it can come
    HostFixture.HttpReply reply = HostFixture.await(client.request(to).compose(request -> request.send(body)
        .compose(answer -> answer.body().map(text -> new HostFixture.HttpReply(answer.statusCode(), headers(answer),
            HostFixture.json(text))))));
    if (!reply.headers().getOrDefault("content-type", "").equals("text/event-stream")) {
      AdapterApi.check(method.name(), to.getURI(), reply.status(), node(reply.body()));
    }
    return reply;
  }

  static JsonNode node(JsonObject json) {
    try {
      return new ObjectMapper().readTree(json.encode());
    } catch (JsonProcessingException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /** A request that does not say what it is from. */
  int statusWithVersion(String version) {
    return HostFixture.await(client
        .request(to(HttpMethod.GET, "profiles").putHeader("Heartbeat-Adapter-Version", version))
        .compose(request -> request.send()).map(HttpClientResponse::statusCode));
  }

  private static Map<String, String> headers(HttpClientResponse answer) {
    Map<String, String> all = new LinkedHashMap<>();
    answer.headers().forEach((name, value) -> all.put(name.toLowerCase(java.util.Locale.ROOT), value));
    return all;
  }

  private RequestOptions to(HttpMethod method, String path) {
    return new RequestOptions().setMethod(method).setURI("/v1/adapter/" + path).setHost("host")
        .setServer(SocketAddress.domainSocketAddress(socket.toString())).putHeader("Heartbeat-Adapter-Version", "1");
  }

  /** A stream of events as it comes. */
  static final class Stream {

    private final List<Event> received = new ArrayList<>();
    final Promise<Void> closed = Promise.promise();
    volatile int status;
    private volatile @Nullable HttpClientResponse response;
    private final Map<String, String> fields = new LinkedHashMap<>();

    private void read(HttpClientResponse answer) {
      response = answer;
      status = answer.statusCode();
      answer.exceptionHandler(cut -> closed.tryComplete());
      answer.handler(RecordParser.newDelimited("\n", line -> onLine(line.toString())));
      answer.endHandler(ended -> closed.tryComplete());
    }

    private void onLine(String line) {
      int colon = line.indexOf(": ");
      if (colon > 0) {
        fields.put(line.substring(0, colon), line.substring(colon + 2));
      } else if (line.isEmpty() && fields.containsKey("data")) {
        add(new Event(fields.get("id"), fields.getOrDefault("event", "message"),
            new JsonObject(fields.get("data"))));
        fields.clear();
      }
    }

    private synchronized void add(Event event) {
      received.add(event);
    }

    synchronized List<Event> events() {
      return List.copyOf(received);
    }

    /** Reads nothing until it is resumed. */
    void pause() {
      Objects.requireNonNull(response).pause();
    }

    void resume() {
      Objects.requireNonNull(response).resume();
    }

    String text() {
      StringBuilder text = new StringBuilder();
      events().stream().filter(event -> event.name().equals("log")).forEach(event -> text
          .append(event.data().getString("text")));
      return text.toString();
    }

    void awaitText(String part) {
      HostFixture.waitUntil("the log says " + part, () -> text().contains(part));
    }

    void awaitClosed() {
      HostFixture.await(closed.future());
    }

    /** The run's end, once it is told. */
    JsonObject awaitEnd() {
      awaitClosed();
      events().forEach(event -> AdapterApi.checkEvent(event.name(), node(event.data())));
      Event last = events().getLast();
      if (!last.name().equals("end")) {
        throw new AssertionError("the stream ended without the run: " + last);
      }
      return last.data();
    }

    void cut() {
      HttpClientResponse open = Objects.requireNonNull(response);
      HostFixture.await(open.request().connection().close());
    }
  }

  Stream follow(InProcessWake wake, @Nullable String lastEvent) {
    Stream stream = new Stream();
    RequestOptions to = to(HttpMethod.GET, "runs/" + wake.runId() + "/events")
        .putHeader("Paperclip-Run-Token", wake.token());
    if (lastEvent != null) {
      to.putHeader("Last-Event-ID", lastEvent);
    }
    HostFixture.await(client.request(to).compose(request -> request.send().onSuccess(stream::read)));
    return stream;
  }
}
