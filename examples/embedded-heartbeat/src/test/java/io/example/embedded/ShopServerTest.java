package io.example.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.Injector;
import io.heartbeat4j.client.AgentToken;
import io.heartbeat4j.client.ProtocolJson;
import io.heartbeat4j.client.ServerUrl;
import io.heartbeat4j.embedded.EmbeddedPaperclip;
import io.heartbeat4j.protocol.AgentId;
import io.heartbeat4j.protocol.CompanyId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ShopServerTest {

  private final Vertx vertx = Vertx.vertx();
  private final String accessKey = UUID.randomUUID().toString();

  @Test
  void the_application_works_an_issue_with_its_own_classes_and_ends_cleanly(@TempDir Path state) {
    EmbeddedPaperclip paperclip = await(EmbeddedPaperclip.start(vertx));
    String company = id(paperclip.board().createCompany("Shop"));
    String agent = id(paperclip.board().createAgent(company, "Clerk", Map.of()));
    Injector application = Guice.createInjector(new ApplicationModule(), new AgentModule(new AgentSettings(
        ServerUrl.of(paperclip.url()), CompanyId.of(company), AgentId.of(agent),
        AgentToken.of(await(paperclip.board().createKey(agent))), accessKey, state)));
    application.getInstance(Inventory.class).put("lamp", 7);
    ShopServer shop = application.getInstance(ShopServer.class);
    int port = await(shop.listen(0)).actualPort();
    await(paperclip.board().request("PATCH", "/api/agents/" + agent, ProtocolJson.mapper().valueToTree(Map.of(
        "adapterType", "http", "adapterConfig", Map.of("url", "http://127.0.0.1:" + port + "/wakes",
            "headers", Map.of("authorization", "Bearer " + accessKey))))));

    String issue = id(paperclip.board().createIssue(company, "lamp",
        Map.of("status", "todo", "assigneeAgentId", agent)));
    await(untilDone(paperclip, issue));

    String comments = await(paperclip.board().comments(issue)).toString();
    assertTrue(comments.contains("There are 7 of lamp."), comments);
    await(shop.close());
    assertEquals("open", await(vertx.executeBlocking(() -> "open")), "the application's Vert.x");
    await(paperclip.close());
    await(vertx.close());
  }

  private Future<Void> untilDone(EmbeddedPaperclip paperclip, String issue) {
    return paperclip.board().readIssue(issue).compose(read -> {
      if (read.path("status").asText().equals("done")) {
        return Future.succeededFuture();
      }
      Promise<Void> again = Promise.promise();
      vertx.setTimer(20, due -> untilDone(paperclip, issue).onComplete(again));
      return again.future();
    });
  }

  /** What the application has anyway. */
  private final class ApplicationModule extends AbstractModule {
    @Override
    protected void configure() {
      bind(Vertx.class).toInstance(vertx);
      bind(Clock.class).toInstance(Clock.systemUTC());
    }
  }

  private static String id(Future<JsonNode> created) {
    return await(created).path("id").asText();
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
  }
}
