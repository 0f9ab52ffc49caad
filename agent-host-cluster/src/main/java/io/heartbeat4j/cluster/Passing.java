package io.heartbeat4j.cluster;

import io.heartbeat4j.host.config.ClusterConfiguration;
import io.heartbeat4j.host.config.HttpServerConfiguration;
import io.heartbeat4j.protocol.RunId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sends a request on to another host's listener, with the access key that came with it, and its answer back as it
 * comes. Over TLS the other host has to show this one's own certificate, which the hosts share. Confined to the host's
 * event loop.
 */
final class Passing {

  /** Names the host that has sent a request on; such a request is answered where it has come to. */
  private static final String FROM = "heartbeat-node";

  private static final int CONNECTIONS = 1_000; // an event stream has one for itself
  private static final int CONNECT_MILLIS = 2_000;
  private static final Set<String> OF_ONE_CONNECTION = Set.of("host", "connection", "content-length",
      "transfer-encoding",
      "keep-alive", "upgrade", "te", "trailer", "expect", FROM);

  private final ClusterConfiguration cluster;
  private final HttpClient client;
  private final Map<String, Set<HttpClientRequest>> underWay = new HashMap<>();

  Passing(Vertx vertx, ClusterConfiguration cluster, Optional<HttpServerConfiguration.TlsFiles> tls) {
    this.cluster = cluster;
    HttpClientOptions options = new HttpClientOptions().setConnectTimeout(CONNECT_MILLIS);
    tls.ifPresent(own -> options
        .setTrustOptions(new PemTrustOptions().addCertPath(own.certificate().toString()))
        .setVerifyHost(false));
    this.client = vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(CONNECTIONS));
  }

  static boolean wasPassedOn(HttpServerRequest request) {
    return request.headers().contains(FROM);
  }

  /**
   * Completes when the answer has begun; with false, and nothing answered, if the host does not know what is asked for.
   * Fails if there was no answer, and then nothing is answered either.
   */
  Future<Boolean> pass(RoutingContext context, String node) {
    HttpServerRequest asked = context.request();
    return open(node, asked.method(), asked.uri()).compose(request -> {
      asked.headers().forEach((name, value) -> {
        if (!OF_ONE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
          request.putHeader(name, value);
        }
      });
      if (asked.authority() != null) {
        request.authority(asked.authority()); // how long an http adapter waits is told by it
      }
      Buffer body = context.body().buffer();
      return request.send(body == null ? Buffer.buffer() : body)
          .map(answer -> answer.statusCode() != 404 && stream(request, answer, context.response()));
    });
  }

  /** Repeats a request there; what is answered to it is not told. */
  Future<Void> tell(RoutingContext context, String node) {
    HttpServerRequest asked = context.request();
    return open(node, asked.method(), asked.uri()).compose(request -> {
      String key = asked.getHeader(HttpHeaders.AUTHORIZATION);
      if (key != null) {
        request.putHeader(HttpHeaders.AUTHORIZATION, key);
      }
      return request.send().mapEmpty();
    });
  }

  private static boolean stream(HttpClientRequest request, HttpClientResponse answer, HttpServerResponse to) {
    if (to.closed() || to.ended()) {
      request.reset();
      return true;
    }
    to.setStatusCode(answer.statusCode());
    answer.headers().forEach((name, value) -> {
      if (!OF_ONE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
        to.putHeader(name, value);
      }
    });
    String length = answer.getHeader(HttpHeaders.CONTENT_LENGTH);
    if (length == null) {
      to.setChunked(true);
    } else {
      to.putHeader(HttpHeaders.CONTENT_LENGTH, length);
    }
    to.closeHandler(gone -> request.reset());
    answer.pipeTo(to).onFailure(broken -> to.reset());
    return true;
  }

  /** Whether the host has the run, of the agent whose access key is shown. */
  Future<Boolean> has(String node, RunId run, @Nullable String authorization) {
    return open(node, HttpMethod.GET, "/v1/runs/" + run).compose(request -> {
      if (authorization != null) {
        request.putHeader(HttpHeaders.AUTHORIZATION, authorization);
      }
      return request.send().map(answer -> answer.statusCode() == 200);
    });
  }

  private Future<HttpClientRequest> open(String node, HttpMethod method, String path) {
    URI url = Optional.ofNullable(cluster.nodes().get(node)).orElseThrow().url();
    boolean tls = url.getScheme().equals("https");
    return client.request(new RequestOptions()
        .setMethod(method).setHost(url.getHost()).setPort(url.getPort() > 0 ? url.getPort() : tls ? 443 : 80)
        .setSsl(tls).setURI(path).putHeader(FROM, cluster.node()))
        .onSuccess(request -> {
          Set<HttpClientRequest> those = underWay.computeIfAbsent(node, first -> new HashSet<>());
          those.add(request);
          request.response().onComplete(answered -> {
            if (answered.failed()) {
              those.remove(request);
            } else {
              answered.result().end().onComplete(over -> those.remove(request));
            }
          });
        });
  }

  /** Waits no longer for a host that is gone, which may just be frozen. */
  void forget(String node) {
    Optional.ofNullable(underWay.remove(node)).ifPresent(those -> Set.copyOf(those).forEach(HttpClientRequest::reset));
  }
}
