import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server that answers a heartbeat with recorded bodies, and counts: {@code java Stub.java BODIES}. Prints its port.
 * {@code GET /stub/count} tells the number of requests since it was last asked. To the bearer {@code idle}
 * the inbox is empty and the run names no issue.
 */
public final class Stub {

  private static final Pattern ISSUE = Pattern.compile("/api/issues/[^/?]+");

  private final Path bodies;
  private final AtomicInteger count = new AtomicInteger();

  private Stub(Path bodies) {
    this.bodies = bodies;
  }

  public static void main(String[] args) throws IOException {
    System.setProperty("sun.net.httpserver.nodelay", "true");
    Stub stub = new Stub(Path.of(args[0]));
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/", stub::handle);
    server.start();
    System.out.println(server.getAddress().getPort());
    System.out.flush();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String method = exchange.getRequestMethod();
    String path = exchange.getRequestURI().getPath();
    if (path.equals("/stub/count")) {
      answer(exchange, 200, String.valueOf(count.getAndSet(0)));
      return;
    }
    count.incrementAndGet();
    if (path.equals("/api/agents/me")) {
      answer(exchange, 200, body("me"));
    } else if (path.equals("/api/agents/me/inbox-lite")) {
      answer(exchange, 200, isIdle(exchange) ? "[]" : body("inbox"));
    } else if (path.startsWith("/api/heartbeat-runs/")) {
      answer(exchange, 200, isIdle(exchange) ? body("run-idle") : body("run"));
    } else if (path.endsWith("/checkout")) {
      answer(exchange, 200, body("checkout"));
    } else if (path.endsWith("/heartbeat-context")) {
      answer(exchange, 200, body("context"));
    } else if (path.endsWith("/comments")) {
      answer(exchange, 200, body("comments"));
    } else if (method.equals("GET") && path.matches("/api/companies/[^/]+/issues")) {
      answer(exchange, 200, "[]");
    } else if (method.equals("POST") && path.matches("/api/companies/[^/]+/issues")) {
      String created = with(body("created"), "title", text(request, "title"));
      answer(exchange, 201, with(created, "parentId", text(request, "parentId")));
    } else if (method.equals("PATCH") && ISSUE.matcher(path).matches()) {
      String status = text(request, "status");
      String changes = status.equals("null") ? "{}" : "{\"status\": {\"from\": \"in_progress\", \"to\": " + status + "}}";
      String patched = body("patched").replace("\"changes\": {}", "\"changes\": " + changes);
      answer(exchange, 200, with(patched, "body", text(request, "comment")));
    } else if (ISSUE.matcher(path).matches()) {
      answer(exchange, 200, body("issue"));
    } else {
      System.err.println("stub: " + method + " " + path + " is not recorded");
      answer(exchange, 404, "{\"error\":\"API route not found\"}");
    }
  }

  /** The agent's token tells which kind of wake it is, since the run's id is the recorded one in both. */
  private static boolean isIdle(HttpExchange exchange) {
    return "Bearer idle".equals(exchange.getRequestHeaders().getFirst("Authorization"));
  }

  private String body(String name) throws IOException {
    return Files.readString(bodies.resolve(name + ".json"));
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

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
