package io.heartbeat4j.host.browser;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A headless Chromium, spoken to in its own protocol; there is one where Debian's {@code chromium} is installed. */
public final class HeadlessBrowser implements AutoCloseable {

  private static final long LIMIT_SECONDS = 60;

  private final Process process;
  private final WebSocketClient client; // closes its sockets when it is forgotten
  private final WebSocket socket;
  private final AtomicInteger next = new AtomicInteger();
  private final Map<Integer, Promise<JsonObject>> asked = new ConcurrentHashMap<>();
  private final String session;

  private HeadlessBrowser(Process process, WebSocketClient client, WebSocket socket) {
    this.process = process;
    this.client = client;
    this.socket = socket;
    socket.textMessageHandler(text -> {
      JsonObject answer = new JsonObject(text);
      Promise<JsonObject> waiting = answer.containsKey("id") ? asked.remove(answer.getInteger("id")) : null;
      if (waiting != null) {
        waiting.complete(answer.getJsonObject("result", new JsonObject()));
      }
    });
    String target = send("", "Target.createTarget", new JsonObject().put("url", "about:blank")).getString("targetId");
    session = send("", "Target.attachToTarget", new JsonObject().put("targetId", target).put("flatten", true))
        .getString("sessionId");
  }

  public static Optional<Path> findExecutable() {
    return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
        .map(Path::of).filter(Files::isExecutable).findFirst();
  }

  public static HeadlessBrowser start(Vertx vertx, Path profile) {
    try {
      Process process = new ProcessBuilder(List.of(
          findExecutable().orElseThrow().toString(), "--headless=new", "--no-sandbox", "--disable-gpu",
          "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking", "--user-data-dir=" + profile,
          "--remote-debugging-port=0",
          "about:blank"))
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start();
      BufferedReader errors = process.errorReader(StandardCharsets.UTF_8);
      URI endpoint = endpoint(errors);
      Thread.ofVirtual().start(() -> errors.lines().forEach(noise -> {}));
      WebSocketClient client = vertx.createWebSocketClient(
          new WebSocketClientOptions().setMaxFrameSize(1 << 25).setMaxMessageSize(1 << 25));
      WebSocket socket = await(client.connect(new WebSocketConnectOptions()
          .setHost(endpoint.getHost()).setPort(endpoint.getPort()).setURI(endpoint.getPath())
          .setAllowOriginHeader(false))); // of which Chromium would want to be told
      return new HeadlessBrowser(process, client, socket);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static URI endpoint(BufferedReader errors) throws IOException {
    for (String line = errors.readLine(); line != null; line = errors.readLine()) {
      if (line.startsWith("DevTools listening on ")) {
        return URI.create(line.substring("DevTools listening on ".length()).strip());
      }
    }
    throw new IOException("Chromium did not start");
  }

  /** The window's size, and whether it is dark. */
  public void setViewport(int width, int height, boolean dark) {
    call("Emulation.setDeviceMetricsOverride", new JsonObject()
        .put("width", width).put("height", height).put("deviceScaleFactor", 1).put("mobile", width < 600));
    call("Emulation.setEmulatedMedia", new JsonObject().put("features", List.of(
        new JsonObject().put("name", "prefers-color-scheme").put("value", dark ? "dark" : "light"))));
  }

  public void open(String url) {
    call("Page.navigate", new JsonObject().put("url", url));
  }

  /** The value of a JavaScript expression; one that throws fails the test. */
  public Object evaluate(String expression) {
    JsonObject answer = call("Runtime.evaluate",
        new JsonObject().put("expression", expression).put("returnByValue", true));
    if (answer.containsKey("exceptionDetails")) {
      throw new AssertionError(expression + ": " + answer.getJsonObject("exceptionDetails").encode());
    }
    Object value = answer.getJsonObject("result", new JsonObject()).getValue("value");
    return value == null ? "" : value;
  }

  public boolean isTrue(String expression) {
    return Boolean.TRUE.equals(evaluate(expression));
  }

  /** Types into the element that has the focus. */
  public void type(String text) {
    call("Input.insertText", new JsonObject().put("text", text));
  }

  public void screenshot(Path file) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.write(file, Base64.getDecoder().decode(call("Page.captureScreenshot", new JsonObject()).getString("data")));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private JsonObject call(String method, JsonObject parameters) {
    return send(session, method, parameters);
  }

  private JsonObject send(String to, String method, JsonObject parameters) {
    int id = next.incrementAndGet();
    Promise<JsonObject> answer = Promise.promise();
    asked.put(id, answer);
    JsonObject message = new JsonObject().put("id", id).put("method", method).put("params", parameters);
    Future<Void> sent = socket.writeTextMessage((to.isEmpty() ? message : message.put("sessionId", to)).encode());
    return await(sent.compose(written -> answer.future()));
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    } catch (ExecutionException | TimeoutException failed) {
      throw new IllegalStateException("Chromium does not answer", failed);
    }
  }

  @Override
  public void close() {
    await(client.close());
    process.destroy();
    process.onExit().join();
  }
}
