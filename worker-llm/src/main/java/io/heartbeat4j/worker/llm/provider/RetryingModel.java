package io.heartbeat4j.worker.llm.provider;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.output.FinishReason;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.time.Clock;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * The configured model. One call is sent at most three times, and again only where the connection or the provider
 * failed.
 */
public final class RetryingModel implements AutoCloseable {

  private static final int ATTEMPTS = 3;

  private final ModelSettings settings;
  private final ModelProvider provider;
  private final ProviderHttpClient http;
  private final ProviderErrorMapper errorMapper;
  private final Retry retry;

  private RetryingModel(ModelSettings settings, ModelProvider provider, ProviderHttpClient http, Clock clock) {
    this.settings = settings;
    this.provider = provider;
    this.http = http;
    this.errorMapper = new ProviderErrorMapper(settings.provider(), clock);
    this.retry = Retry.of("model", RetryConfig.custom()
        .maxAttempts(ATTEMPTS)
        .retryOnException(failure -> failure instanceof ModelCallException.TransientFailure)
        .intervalFunction(IntervalFunction.ofExponentialRandomBackoff(settings.firstPause().toMillis(), 4.0, 0.5))
        .build());
  }

  /**
   * A model of the provider that the settings name.
   *
   * @throws IllegalArgumentException if there is no such provider, or it can't use the settings
   */
  public static RetryingModel of(ModelSettings settings, Clock clock) {
    List<ModelProviderFactory> found = ServiceLoader
        .load(ModelProviderFactory.class, RetryingModel.class.getClassLoader())
        .stream().map(ServiceLoader.Provider::get).toList();
    ModelProviderFactory factory = found.stream().filter(each -> each.name().equals(settings.provider())).findFirst()
        .orElseThrow(() -> new IllegalArgumentException("there is no provider '" + settings.provider() + "'; found: "
            + String.join(", ", found.stream().map(ModelProviderFactory::name).sorted().toList())));
    ProviderHttpClient http = new ProviderHttpClient(settings);
    return new RetryingModel(settings, factory.create(settings, http.builder()), http, clock);
  }

  /**
   * An answer and what it used.
   *
   * @param cut whether it ends at the limit of tokens, in the middle of a sentence or of its last call
   * @param refused whether the provider's filter has ended it
   */
  public record Response(AiMessage message, ModelProvider.TokenCounts tokens, boolean cut, boolean refused) {}

  public ModelSettings settings() {
    return settings;
  }

  /**
   * Calls the model and waits for its answer.
   *
   * @param text is told the answer's text as it comes
   * @throws ModelCallException if there is none
   */
  public Response call(List<ChatMessage> messages, List<ToolSpecification> tools, Consumer<String> text)
      throws InterruptedException {
    ChatRequest request = ChatRequest.builder()
        .messages(provider.withCacheMarkers(messages))
        .toolSpecifications(tools)
        .build();
    try {
      return retry.executeCallable(() -> callOnce(request, text));
    } catch (InterruptedException | RuntimeException told) {
      throw told;
    } catch (Exception impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private Response callOnce(ChatRequest request, Consumer<String> text) throws InterruptedException {
    CompletableFuture<ChatResponse> answer = new CompletableFuture<>();
    try {
      provider.model().chat(request, new StreamingChatResponseHandler() {
        @Override
        public void onPartialResponse(String piece) {
          text.accept(piece);
        }

        @Override
        public void onCompleteResponse(ChatResponse response) {
          answer.complete(response);
        }

        @Override
        public void onError(Throwable error) {
          answer.completeExceptionally(error);
        }
      });
      if (provider.isBlocking() && !answer.isDone()) {
        throw truncatedResponse();
      }
      ChatResponse response = answer.get(settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
      if (response.finishReason() == null) {
        throw truncatedResponse();
      }
      return new Response(response.aiMessage(), provider.tokens(response),
          response.finishReason() == FinishReason.LENGTH, response.finishReason() == FinishReason.CONTENT_FILTER);
    } catch (TimeoutException late) {
      throw new ModelCallException.TransientFailure(settings.provider() + " gave no answer in time", late);
    } catch (ExecutionException | RuntimeException failed) {
      if (Thread.interrupted()) {
        throw new InterruptedException("the call of the model was interrupted");
      }
      throw errorMapper.map(failed);
    }
  }

  private ModelCallException truncatedResponse() {
    return new ModelCallException.TransientFailure("the answer of " + settings.provider() + " ended in the middle",
        null);
  }

  @Override
  public void close() {
    http.close();
  }
}
