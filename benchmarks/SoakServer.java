import io.heartbeat4j.embedded.EmbeddedPaperclip;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The server of a soak, in a process of its own: a company whose agents are woken in each of the ways, and a stream of
 * issues for them. Arguments: the host's port, its socket, heartbeat-wake, the file for the agents' keys, issues a
 * minute.
 */
class SoakServer {

  private static final List<String> WAYS = List.of("gateway", "http", "command", "timer");
  private static final int EACH = 3;

  public static void main(String[] args) throws Exception {
    Vertx vertx = Vertx.vertx();
    EmbeddedPaperclip server = join(EmbeddedPaperclip.start(vertx));
    String company = join(server.board().createCompany("Soak")).path("id").asText();
    List<String> agents = new ArrayList<>();
    List<String> lines = new ArrayList<>(List.of(server.url()));
    for (String way : WAYS) {
      for (int i = 0; i < EACH; i++) {
        String name = way + i;
        String access = "access-key-of-" + name;
        String host = "http://127.0.0.1:" + args[0];
        Map<String, Object> adapter = switch (way) {
          case "http" -> Map.of("adapterType", "http", "adapterConfig", Map.of(
              "url", host + "/v1/wakes", "headers", Map.of("authorization", "Bearer " + access)));
          case "command" -> Map.of("adapterType", "process", "adapterConfig", Map.of(
              "command", "/bin/sh", "args", List.of(args[2]), "env", Map.of("HEARTBEAT_SOCKET", args[1])));
          default -> Map.of("adapterType", "hermes_gateway", "adapterConfig", Map.of(
              "apiBaseUrl", host, "apiKey", access, "timeoutSec", 0));
        };
        String id = join(server.board().createAgent(company, name, adapter)).path("id").asText();
        agents.add(id);
        lines.add(name + " " + join(server.board().createKey(id)) + " " + access);
      }
    }
    Path keys = Path.of(args[3]);
    Files.write(keys.resolveSibling("keys.new"), lines);
    Files.move(keys.resolveSibling("keys.new"), keys);
    while (!Files.exists(Path.of(args[1]))) { // a wake that finds no host would start a JVM of its own
      TimeUnit.MILLISECONDS.sleep(200);
    }
    for (long n = 0; ; n++) {
      String agent = agents.get((int) (n % agents.size()));
      Future<?> issue = server.board().createIssue(company, "Issue " + n, Map.of("status", "todo", "assigneeAgentId", agent));
      issue.onFailure(refused -> System.err.println("soak: " + refused.getMessage()));
      TimeUnit.MILLISECONDS.sleep(60_000 / Integer.parseInt(args[4]));
    }
  }

  private static <T> T join(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }
}
