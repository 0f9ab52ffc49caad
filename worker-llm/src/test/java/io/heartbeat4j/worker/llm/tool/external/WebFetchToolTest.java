package io.heartbeat4j.worker.llm.tool.external;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.heartbeat4j.worker.llm.tool.ToolArguments;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class WebFetchToolTest {

  @Test
  @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void a_page_that_never_ends_is_given_up() throws Exception {
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> {
      exchange.sendResponseHeaders(200, 0);
      try (OutputStream body = exchange.getResponseBody()) {
        while (true) {
          body.write('x');
          body.flush();
          TimeUnit.MILLISECONDS.sleep(20);
        }
      } catch (IOException | InterruptedException gone) {
        exchange.close();
      }
    });
    server.start();
    String address = "localhost:" + server.getAddress().getPort();
    WebFetchTool fetch = new WebFetchTool(List.of(address), Duration.ofMillis(500));
    try {
      assertThatThrownBy(() -> fetch.call(ToolArguments.of("{\"url\": \"http://" + address + "/\"}",
          fetch.specification()))).isInstanceOf(IOException.class);
    } finally {
      server.stop(0);
    }
  }
}
