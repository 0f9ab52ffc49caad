package io.heartbeat4j.worker.llm.provider;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * LangChain4j's HTTP on the JDK's client, for a thread that may block: a stream is read on the thread that asked for
 * it, so interrupting that thread ends the call. Plain-http servers are spoken to in HTTP/1.1, since many drop the
 * offer of HTTP/2. The settings' headers and further fields are put into every request here.
 */
final class ProviderHttpClient implements dev.langchain4j.http.client.HttpClient, AutoCloseable {

  private static final Duration CONNECT = Duration.ofSeconds(20);
  private static final int PROXY_PORT = 3128;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient.Builder connecting;
  private @Nullable HttpClient client; // made with the first call: it has a thread of its own
  private final Duration timeout;
  private final Map<String, String> headers;
  private final ObjectNode parameters;

  ProviderHttpClient(ModelSettings settings) {
    this.timeout = settings.timeout();
    this.headers = settings.headerValues();
    this.parameters = JSON.valueToTree(settings.parameters());
    this.connecting = HttpClient.newBuilder()
        .connectTimeout(timeout.compareTo(CONNECT) < 0 ? timeout : CONNECT)
        .executor(Executors.newVirtualThreadPerTaskExecutor());
    settings.proxy().ifPresent(uri -> connecting.proxy(ProxySelector.of(
        new InetSocketAddress(uri.getHost(), uri.getPort() < 0 ? PROXY_PORT : uri.getPort()))));
  }

  private synchronized HttpClient client() {
    HttpClient made = client == null ? connecting.build() : client;
    client = made;
    return made;
  }

  /** A builder that always gives this client. */
  HttpClientBuilder builder() {
    return new HttpClientBuilder() {
      @Override
      public Duration connectTimeout() {
        return CONNECT;
      }

      @Override
      public HttpClientBuilder connectTimeout(Duration ignored) {
        return this;
      }

      @Override
      public Duration readTimeout() {
        return timeout;
      }

      @Override
      public HttpClientBuilder readTimeout(Duration ignored) {
        return this;
      }

      @Override
      public dev.langchain4j.http.client.HttpClient build() {
        return ProviderHttpClient.this;
      }
    };
  }

  @Override
  public SuccessfulHttpResponse execute(HttpRequest request) {
    try (InputStream body = checked(send(request)).body()) {
      return SuccessfulHttpResponse.builder().statusCode(200).body(body.readAllBytes()).build();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  @Override
  public void execute(HttpRequest request, ServerSentEventParser parser, ServerSentEventListener model) {
    try {
      HttpResponse<InputStream> response = checked(send(request));
      ServerSentEventListener listener = new StreamErrorListener(model, response.headers());
      listener.onOpen(SuccessfulHttpResponse.builder()
          .statusCode(response.statusCode()).headers(response.headers().map()).build());
      try (IdleTimeoutStream body = new IdleTimeoutStream(response.body(), timeout)) {
        parser.parse(body, listener);
      }
      listener.onClose();
    } catch (IOException | RuntimeException failed) {
      model.onError(failed);
    }
  }

  /** The operator's own fields go over those of the model; where both are objects, into them. */
  private @Nullable String withParameters(@Nullable String body) throws IOException {
    return body == null || parameters.isEmpty() ? body
        : merged((ObjectNode) JSON.readTree(body), parameters).toString();
  }

  private static ObjectNode merged(ObjectNode into, ObjectNode more) {
    more.properties().forEach(field -> into.set(field.getKey(),
        into.get(field.getKey()) instanceof ObjectNode inner && field.getValue() instanceof ObjectNode fields
            ? merged(inner, fields)
            : field.getValue()));
    return into;
  }

  private HttpResponse<InputStream> send(HttpRequest request) throws IOException {
    URI uri = URI.create(request.url());
    java.net.http.HttpRequest.Builder builder = java.net.http.HttpRequest.newBuilder(uri).timeout(timeout);
    if (uri.getScheme().equals("http")) {
      builder.version(Version.HTTP_1_1);
    }
    request.headers().forEach((name, values) -> values.forEach(value -> builder.header(name, value)));
    headers.forEach(builder::setHeader);
    String body = withParameters(request.body());
    builder.method(request.method().name(), body == null
        ? java.net.http.HttpRequest.BodyPublishers.noBody()
        : java.net.http.HttpRequest.BodyPublishers.ofString(body));
    try {
      return client().send(builder.build(), BodyHandlers.ofInputStream());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", stopped);
    }
  }

  private static HttpResponse<InputStream> checked(HttpResponse<InputStream> response) throws IOException {
    if (response.statusCode() / 100 == 2) {
      return response;
    }
    try (InputStream body = response.body()) {
      throw new ProviderHttpException(
          response.statusCode(), new String(body.readNBytes(65_536), StandardCharsets.UTF_8), response.headers());
    }
  }

  @Override
  public synchronized void close() {
    if (client != null) {
      client.shutdownNow();
    }
  }
}
