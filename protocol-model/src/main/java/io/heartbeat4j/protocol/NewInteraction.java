package io.heartbeat4j.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * The body of a card (contract section 8). It wakes the assignee when it is answered, with yes or no.
 *
 * @param idempotencyKey the same key answers with the same card
 */
@API(status = API.Status.EXPERIMENTAL, since = "1.0")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NewInteraction(
    String kind,
    String idempotencyKey,
    @Nullable String title,
    String continuationPolicy,
    Map<String, Object> payload) {

  private static final String WAKE_ASSIGNEE = "wake_assignee";

  /** A yes-or-no card. */
  public static NewInteraction confirmation(String key, @Nullable String title, String prompt) {
    return new NewInteraction(
        "request_confirmation", key, title, WAKE_ASSIGNEE, Map.of("version", 1, "prompt", prompt));
  }

  /** A card of questions, each with options. */
  public static NewInteraction questions(String key, @Nullable String title, List<Map<String, Object>> questions) {
    return new NewInteraction(
        "ask_user_questions", key, title, WAKE_ASSIGNEE, Map.of("version", 1, "questions", questions));
  }

  /**
   * The same card with Markdown below its question.
   *
   * @param details at most 20,000 characters; null for none
   */
  public NewInteraction withDetails(@Nullable String details) {
    if (details == null) {
      return this;
    }
    Map<String, Object> detailed = new LinkedHashMap<>(payload);
    detailed.put("detailsMarkdown", details);
    return new NewInteraction(kind, idempotencyKey, title, continuationPolicy, detailed);
  }

  /** The same card, which a rejection leaves unheard. */
  public NewInteraction wakingOnAcceptOnly() {
    return new NewInteraction(kind, idempotencyKey, title, "wake_assignee_on_accept", payload);
  }
}
