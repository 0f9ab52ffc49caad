import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/**
 * A model in OpenAI's language: {@code java ModelStub.java CALLS}. Prints its port. It reads a file in each turn and
 * finishes with the last of CALLS, counted by its own messages in the thread. A turn is some words and a call, streamed
 * in about 30 pieces of a token's size, as providers do.
 */
public final class ModelStub {

  private static final String OWN_MESSAGE = "\"role\" : \"assistant\"";
  private static final String WORDS = "I look at the next file, since what I am after may be in it as well as in the last one. ";

  private ModelStub() {}

  public static void main(String[] args) throws IOException {
    System.setProperty("sun.net.httpserver.nodelay", "true");
    int calls = Integer.parseInt(args[0]);
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/", exchange -> answer(exchange, calls));
    server.start();
    System.out.println(server.getAddress().getPort());
    System.out.flush();
  }

  private static void answer(HttpExchange exchange, int calls) throws IOException {
    String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8).replace("\"role\":\"", "\"role\" : \"");
    int turn = request.split(OWN_MESSAGE, -1).length - 1;
    exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream body = exchange.getResponseBody()) {
      for (String piece : WORDS.split("(?<=\\G.{5})")) {
        event(body, "{\"content\":\"" + piece + "\"}", "null");
      }
      boolean last = turn >= calls - 1;
      String arguments = last
          ? "{\\\"outcome\\\": \\\"done\\\", \\\"summary\\\": \\\"Read them.\\\"}"
          : "{\\\"path\\\": \\\"file-" + turn + "\\\"}";
      event(body, "{\"tool_calls\":[{\"index\":0,\"id\":\"call_" + turn + "\",\"type\":\"function\",\"function\":{\"name\":\""
          + (last ? "finish" : "read") + "\",\"arguments\":\"\"}}]}", "null");
      for (String piece : arguments.split("(?<=\\\\\")")) {
        event(body, "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"" + piece + "\"}}]}", "null");
      }
      event(body, "{}", "\"tool_calls\"");
      body.write(("data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"model\":\"m\",\"choices\":[],\"usage\":"
          + "{\"prompt_tokens\":1000,\"completion_tokens\":30,\"total_tokens\":1030}}\n\ndata: [DONE]\n\n")
          .getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void event(OutputStream body, String delta, String finish) throws IOException {
    body.write(("data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":"
        + delta + ",\"finish_reason\":" + finish + "}]}\n\n").getBytes(StandardCharsets.UTF_8));
    body.flush();
  }
}
