package io.heartbeat4j.embedded.contract;

import io.heartbeat4j.embedded.EmbeddedPaperclip;
import io.vertx.core.Vertx;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives each test a company of its own on the server under test: an embedded one per class, or the real
 * one that the system property {@code paperclip.url} names.
 */
final class ContractServerExtension
    implements
      BeforeAllCallback,
      AfterAllCallback,
      AfterEachCallback,
      ParameterResolver {

  private static final ExtensionContext.Namespace STORE = ExtensionContext.Namespace
      .create(ContractServerExtension.class);
  private static final String REAL_URL = System.getProperty("paperclip.url", "");

  private record Embedded(Vertx vertx, EmbeddedPaperclip server) {}

  @Override
  public void beforeAll(ExtensionContext context) {
    if (REAL_URL.isBlank()) {
      Vertx vertx = Vertx.vertx();
      EmbeddedPaperclip server = EmbeddedPaperclip.start(vertx).toCompletionStage().toCompletableFuture().join();
      context.getStore(STORE).put("server", new Embedded(vertx, server));
    }
  }

  @Override
  public void afterAll(ExtensionContext context) {
    Embedded embedded = context.getStore(STORE).remove("server", Embedded.class);
    if (embedded != null) {
      embedded.server.close().compose(closed -> embedded.vertx.close()).toCompletionStage().toCompletableFuture()
          .join();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == TestCompany.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Embedded embedded = context.getStore(STORE).get("server", Embedded.class);
    String url = embedded == null ? REAL_URL : embedded.server.url();
    TestCompany testCompany = TestCompany.create(url, context.getDisplayName());
    context.getStore(STORE).put("workplace", new AtomicReference<>(testCompany));
    return testCompany;
  }

  @Override
  public void afterEach(ExtensionContext context) {
    AtomicReference<?> workplace = context.getStore(STORE).remove("workplace", AtomicReference.class);
    if (workplace != null && workplace.get() instanceof TestCompany open) {
      open.close();
    }
  }
}
