import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A server that answers a heartbeat with recorded bodies, and counts: {@code java -cp 'lib/*' Stub.java BODIES}. Prints its
 * port. {@code GET /stub/count} tells the number of requests since it was last asked. To the bearer {@code idle} the inbox is
 * empty and the run names no issue. It runs on one event loop, so that what it measures has the other core.
 */
public final class Stub extends AbstractVerticle {

  private static final Pattern ISSUE = Pattern.compile("/api/issues/[^/?]+");
  private static final Pattern ISSUES = Pattern.compile("/api/companies/[^/]+/issues");

  private final Map<String, String> texts = new HashMap<>();
  private final Map<String, Buffer> bodies = new HashMap<>();
  private final AtomicInteger count = new AtomicInteger();

  private Stub(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString().replace(".json", "");
        texts.put(name, Files.readString(file));
        bodies.put(name, Buffer.buffer(Files.readAllBytes(file)));
      }
    }
  }

  public static void main(String[] args) throws IOException {
    Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1)).deployVerticle(new Stub(Path.of(args[0])), new DeploymentOptions())
        .onFailure(failure -> {
          failure.printStackTrace();
          System.exit(1);
        });
  }

  @Override
  public void start(Promise<Void> started) {
    vertx.createHttpServer().requestHandler(this::handle).listen(0, "127.0.0.1").<Void>map(server -> {
      System.out.println(server.actualPort());
      System.out.flush();
      return null;
    }).onComplete(started);
  }

  private void handle(HttpServerRequest request) {
    if (request.path().equals("/stub/count")) {
      answer(request, 200, Buffer.buffer(String.valueOf(count.getAndSet(0))));
      return;
    }
    count.incrementAndGet();
    if (request.method() == HttpMethod.GET) {
      read(request);
    } else {
      request.body().onSuccess(body -> write(request, body.toString()));
    }
  }

  private void read(HttpServerRequest request) {
    String path = request.path();
    if (path.equals("/api/agents/me")) {
      answer(request, 200, bodies.get("me"));
    } else if (path.equals("/api/agents/me/inbox-lite")) {
      answer(request, 200, isIdle(request) ? Buffer.buffer("[]") : bodies.get("inbox"));
    } else if (path.startsWith("/api/heartbeat-runs/")) {
      answer(request, 200, bodies.get(isIdle(request) ? "run-idle" : "run"));
    } else if (path.endsWith("/heartbeat-context")) {
      answer(request, 200, bodies.get("context"));
    } else if (path.endsWith("/comments")) {
      answer(request, 200, bodies.get("comments"));
    } else if (ISSUES.matcher(path).matches() || path.endsWith("/interactions") || path.endsWith("/agents")) {
      answer(request, 200, Buffer.buffer("[]"));
    } else if (ISSUE.matcher(path).matches()) {
      answer(request, 200, bodies.get("issue"));
    } else {
      unknown(request);
    }
  }

  private void write(HttpServerRequest request, String body) {
    String path = request.path();
    if (path.endsWith("/checkout")) {
      answer(request, 200, bodies.get("checkout"));
    } else if (ISSUES.matcher(path).matches()) {
      String created = with(texts.get("created"), "title", text(body, "title"));
      answer(request, 201, Buffer.buffer(with(created, "parentId", text(body, "parentId"))));
    } else if (request.method() == HttpMethod.PATCH && ISSUE.matcher(path).matches()) {
      String status = text(body, "status");
      String changes = status.equals("null") ? "{}" : "{\"status\": {\"from\": \"in_progress\", \"to\": " + status + "}}";
      String patched = texts.get("patched").replace("\"changes\": {}", "\"changes\": " + changes);
      answer(request, 200, Buffer.buffer(with(patched, "body", text(body, "comment"))));
    } else if (path.endsWith("/cost-events")) {
      answer(request, 201, Buffer.buffer("{}"));
    } else {
      unknown(request);
    }
  }

  private static void unknown(HttpServerRequest request) {
    System.err.println("stub: " + request.method() + " " + request.path() + " is not recorded");
    answer(request, 404, Buffer.buffer("{\"error\":\"API route not found\"}"));
  }

  /** The agent's token tells which kind of wake it is, since the run's id is the recorded one in both. */
  private static boolean isIdle(HttpServerRequest request) {
    return "Bearer idle".equals(request.getHeader("Authorization"));
  }

  /** A field's JSON text, quotes and escapes kept. */
  private static String text(String json, String field) {
    Matcher found = Pattern.compile("\"" + field + "\"\\s*:\\s*(\"(?:[^\"\\\\]|\\\\.)*\")").matcher(json);
    return found.find() ? found.group(1) : "null";
  }

  /** The body with the first field of that name set to a JSON text. */
  private static String with(String json, String field, String text) {
    return Pattern.compile("\"" + field + "\": (\"(?:[^\"\\\\]|\\\\.)*\"|null)").matcher(json)
        .replaceFirst(Matcher.quoteReplacement("\"" + field + "\": " + text));
  }

  private static void answer(HttpServerRequest request, int status, Buffer body) {
    request.response().setStatusCode(status).putHeader("Content-Type", "application/json; charset=utf-8").end(body);
  }
}
