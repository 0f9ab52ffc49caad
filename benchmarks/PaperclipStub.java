import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A server that answers a heartbeat with recorded bodies, and counts: {@code java Stub.java BODIES}. Prints its port.
 * {@code GET /stub/count} tells the number of requests since it was last asked. To the bearer {@code idle} the inbox is
 * empty and the run names no issue. One thread and no more than has to be done for an answer, so that the two cores are
 * the client's.
 */
public final class PaperclipStub {

  private static final Pattern ISSUE = Pattern.compile("/api/issues/[^/?]+");
  private static final Pattern ISSUES = Pattern.compile("/api/companies/[^/]+/issues");
  private static final byte[] NONE = "[]".getBytes(UTF_8);
  private static final byte[] UNKNOWN = "{\"error\":\"API route not found\"}".getBytes(UTF_8);

  private final Map<String, String> texts = new HashMap<>();
  private final Map<String, byte[]> bodies = new HashMap<>();
  private int count;

  private PaperclipStub(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString().replace(".json", "");
        String compact = new ObjectMapper().readTree(file.toFile()).toString(); // as a server sends it
        texts.put(name, compact);
        bodies.put(name, compact.getBytes(UTF_8));
      }
    }
  }

  public static void main(String[] args) throws IOException {
    new PaperclipStub(Path.of(args[0])).serve();
  }

  private void serve() throws IOException {
    Selector selector = Selector.open();
    ServerSocketChannel server = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4_096);
    server.configureBlocking(false).register(selector, SelectionKey.OP_ACCEPT);
    System.out.println(((InetSocketAddress) server.getLocalAddress()).getPort());
    System.out.flush();
    while (true) {
      selector.select(key -> {
        try {
          if (key.isAcceptable()) {
            SocketChannel client = server.accept();
            client.setOption(StandardSocketOptions.TCP_NODELAY, true);
            client.configureBlocking(false).register(selector, SelectionKey.OP_READ, new Connection(client));
          } else {
            ((Connection) key.attachment()).read();
          }
        } catch (IOException gone) {
          key.cancel();
        }
      });
    }
  }

  /** What has come of the next request. */
  private final class Connection {

    private final SocketChannel client;
    private ByteBuffer in = ByteBuffer.allocate(8_192);

    Connection(SocketChannel client) {
      this.client = client;
    }

    void read() throws IOException {
      if (client.read(in) < 0) {
        client.close();
        return;
      }
      String text = new String(in.array(), 0, in.position(), ISO_8859_1);
      int end = text.indexOf("\r\n\r\n");
      if (end >= 0) {
        String head = text.substring(0, end);
        String length = header(head, "content-length");
        int whole = end + 4 + (length == null ? 0 : Integer.parseInt(length));
        if (in.position() >= whole) {
          String body = new String(in.array(), end + 4, whole - end - 4, UTF_8);
          in.clear();
          answer(head, body);
          return;
        }
      }
      if (!in.hasRemaining()) {
        in = ByteBuffer.allocate(in.capacity() * 2).put(in.flip());
      }
    }

    private void answer(String head, String body) throws IOException {
      String[] line = head.substring(0, head.indexOf('\r') < 0 ? head.length() : head.indexOf('\r')).split(" ");
      Answer answer = handle(line[0], line[1], "Bearer idle".equals(header(head, "authorization")), body);
      byte[] top = ("HTTP/1.1 " + answer.status() + " Whatever\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: "
          + answer.body().length + "\r\n\r\n").getBytes(ISO_8859_1);
      ByteBuffer out = ByteBuffer.allocate(top.length + answer.body().length).put(top).put(answer.body()).flip();
      while (out.hasRemaining()) {
        client.write(out);
      }
    }
  }

  private static String header(String head, String name) {
    for (int at = head.indexOf("\r\n"); at >= 0; at = head.indexOf("\r\n", at + 2)) {
      if (head.regionMatches(true, at + 2, name, 0, name.length()) && head.startsWith(":", at + 2 + name.length())) {
        int end = head.indexOf("\r\n", at + 2);
        return head.substring(at + 3 + name.length(), end < 0 ? head.length() : end).strip();
      }
    }
    return null;
  }

  private record Answer(int status, byte[] body) {}

  private Answer handle(String method, String target, boolean idle, String body) {
    String path = target.indexOf('?') < 0 ? target : target.substring(0, target.indexOf('?'));
    if (path.equals("/stub/count")) {
      int counted = count;
      count = 0;
      return new Answer(200, String.valueOf(counted).getBytes(UTF_8));
    }
    count++;
    return method.equals("GET") ? read(path, idle) : write(method, path, body);
  }

  private Answer read(String path, boolean idle) {
    if (path.equals("/api/agents/me")) {
      return new Answer(200, bodies.get("me"));
    } else if (path.equals("/api/agents/me/inbox-lite")) {
      return new Answer(200, idle ? NONE : bodies.get("inbox"));
    } else if (path.startsWith("/api/heartbeat-runs/")) {
      return new Answer(200, bodies.get(idle ? "run-idle" : "run"));
    } else if (path.endsWith("/heartbeat-context")) {
      return new Answer(200, bodies.get("context"));
    } else if (path.endsWith("/comments")) {
      return new Answer(200, bodies.get("comments"));
    } else if (ISSUES.matcher(path).matches() || path.endsWith("/interactions") || path.endsWith("/agents")) {
      return new Answer(200, NONE);
    } else if (ISSUE.matcher(path).matches()) {
      return new Answer(200, bodies.get("issue"));
    }
    return unknown("GET", path);
  }

  private Answer write(String method, String path, String body) {
    if (path.endsWith("/checkout")) {
      return new Answer(200, bodies.get("checkout"));
    } else if (ISSUES.matcher(path).matches()) {
      String created = with(texts.get("created"), "title", text(body, "title"));
      return new Answer(201, with(created, "parentId", text(body, "parentId")).getBytes(UTF_8));
    } else if (method.equals("PATCH") && ISSUE.matcher(path).matches()) {
      String status = text(body, "status");
      String changes = status.equals("null") ? "{}" : "{\"status\":{\"from\":\"in_progress\",\"to\":" + status + "}}";
      String patched = texts.get("patched").replace("\"changes\":{}", "\"changes\":" + changes);
      return new Answer(200, with(patched, "body", text(body, "comment")).getBytes(UTF_8));
    } else if (path.endsWith("/cost-events")) {
      return new Answer(201, "{}".getBytes(UTF_8));
    }
    return unknown(method, path);
  }

  private static Answer unknown(String method, String path) {
    System.err.println("stub: " + method + " " + path + " is not recorded");
    return new Answer(404, UNKNOWN);
  }

  /** A field's JSON text, quotes and escapes kept. */
  private static String text(String json, String field) {
    Matcher found = Pattern.compile("\"" + field + "\"\\s*:\\s*(\"(?:[^\"\\\\]|\\\\.)*\")").matcher(json);
    return found.find() ? found.group(1) : "null";
  }

  /** The body with the first field of that name set to a JSON text. */
  private static String with(String json, String field, String text) {
    return Pattern.compile("\"" + field + "\":(\"(?:[^\"\\\\]|\\\\.)*\"|null)").matcher(json)
        .replaceFirst(Matcher.quoteReplacement("\"" + field + "\":" + text));
  }
}
