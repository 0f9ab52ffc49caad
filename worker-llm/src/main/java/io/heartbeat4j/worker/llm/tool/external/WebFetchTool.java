package io.heartbeat4j.worker.llm.tool.external;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.heartbeat4j.worker.agent.TextTruncator;
import io.heartbeat4j.worker.llm.tool.Tool;
import io.heartbeat4j.worker.llm.tool.ToolArguments;
import io.heartbeat4j.worker.agent.ToolCallException;
import io.heartbeat4j.worker.llm.tool.ToolResult;
import io.heartbeat4j.worker.llm.tool.ToolSpecificationBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Reads a page of the web, from the hosts that the operator lists. A redirection counts as a new address. A host that
 * only a pattern fits has to have a public address.
 *
 * @param hosts such as {@code docs.example.com}, {@code *.example.com} or {@code localhost:8080}
 * @param patience for an answer to begin, and then to end
 */
public record WebFetchTool(List<String> hosts, Duration patience) implements Tool {

  private static final int MOST_BYTES = 2_000_000;
  private static final int MOST_TEXT = 30_000;
  private static final int MOST_HOPS = 5;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  public WebFetchTool(List<String> hosts) {
    this(hosts, PATIENCE);
  }

  @Override
  public ToolSpecification specification() {
    return ToolSpecificationBuilder.of("fetch", "Reads a page of the web. Hosts: " + String.join(", ", hosts) + ".")
        .text("url", "an http or https address")
        .build();
  }

  @Override
  public Effect effect() {
    return Effect.READS;
  }

  @Override
  public String subject(ToolArguments toolArguments) {
    try {
      return toolArguments.text("url");
    } catch (ToolCallException missing) {
      return "";
    }
  }

  @Override
  public ToolResult call(ToolArguments toolArguments) throws IOException, InterruptedException, ToolCallException {
    URI uri = checked(toolArguments.nonBlankText("url"));
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(patience).build()) {
      for (int hop = 0; hop <= MOST_HOPS; hop++) {
        HttpResponse<InputStream> response = client.send(
            HttpRequest.newBuilder(uri).timeout(patience).version(HttpClient.Version.HTTP_1_1).build(),
            BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
          CompletableFuture.delayedExecutor(patience.toMillis(), TimeUnit.MILLISECONDS).execute(() -> close(body));
          if (response.statusCode() / 100 != 3) {
            return answer(uri, response, body);
          }
        }
        String next = response.headers().firstValue("location")
            .orElseThrow(() -> new ToolCallException("the server sent on to nowhere"));
        uri = checked(uri.resolve(next).toString());
      }
    }
    throw new ToolCallException("the server sent on more than " + MOST_HOPS + " times");
  }

  /** Ends a read that is waiting. */
  private static void close(InputStream body) {
    try {
      body.close();
    } catch (IOException gone) {
      // it is over either way
    }
  }

  private URI checked(String address) throws ToolCallException {
    URI uri = parsed(address);
    String host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
    if (uri.getScheme() == null || !uri.getScheme().matches("https?") || host.isEmpty() || uri.getUserInfo() != null) {
      throw new ToolCallException("'" + address + "' is not a plain http or https address");
    }
    List<String> matching = hosts.stream().map(allowed -> allowed.toLowerCase(Locale.ROOT))
        .filter(allowed -> matches(allowed, host, uri.getPort())).toList();
    if (matching.isEmpty()) {
      throw new ToolCallException("the host " + host + (uri.getPort() < 0 ? "" : " with port " + uri.getPort())
          + " is not among those that may be asked: " + String.join(", ", hosts));
    }
    if (matching.stream().allMatch(allowed -> allowed.startsWith("*.")) && !PublicAddress.isPublic(host)) {
      throw new ToolCallException(
          "the host " + host + " has no public address; the operator has to list its full name");
    }
    return uri;
  }

  private static URI parsed(String address) throws ToolCallException {
    try {
      return URI.create(address);
    } catch (IllegalArgumentException wrong) {
      throw new ToolCallException("'" + address + "' is not an address");
    }
  }

  private static boolean matches(String allowed, String host, int port) {
    return matchesHost(allowed, host + ":" + port)
        || ((port < 0 || port == 80 || port == 443) && matchesHost(allowed, host));
  }

  private static boolean matchesHost(String allowed, String host) {
    return allowed.startsWith("*.") ? host.endsWith(allowed.substring(1)) : host.equals(allowed);
  }

  private static ToolResult answer(URI uri, HttpResponse<?> response, InputStream body) throws IOException {
    String type = response.headers().firstValue("content-type").orElse("");
    String text = new String(body.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
    if (type.contains("html")) {
      text = HtmlText.of(text);
    }
    return new ToolResult.UntrustedText("web page " + uri + ", status " + response.statusCode(),
        TextTruncator.cutMiddle(text, MOST_TEXT));
  }
}
