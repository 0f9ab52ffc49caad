package io.heartbeat4j.heartbeat.steps;

import static java.util.stream.Collectors.joining;

import io.heartbeat4j.protocol.Interaction;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A card and its answer as people read them: the server's answer has the ids of questions and options, which mean
 * nothing without the card.
 */
final class CardWords {

  private CardWords() {}

  /** One line for what was asked and one for its answer; empty where the card has no words. */
  static String of(Interaction card) {
    Map<String, Object> payload = Objects.requireNonNullElse(card.payload(), Map.of());
    Map<String, Object> result = Objects.requireNonNullElse(card.result(), Map.of());
    Stream<String> asked = Stream.concat(
        payload.get("prompt") instanceof String prompt ? Stream.of(prompt + "\n-> " + card.status()) : Stream.of(),
        objects(payload.get("questions")).map(question -> answered(question, result)));
    return Stream.concat(asked, ownWords(result, "outcome")).collect(joining("\n"));
  }

  private static String answered(Map<?, ?> question, Map<String, Object> result) {
    String answers = objects(result.get("answers"))
        .filter(answer -> Objects.equals(answer.get("questionId"), question.get("id")))
        .flatMap(answer -> Stream.concat(labels(question, answer.get("optionIds")), ownWords(answer, "questionId")))
        .collect(joining("; "));
    return question.get("prompt") + "\n-> " + (answers.isEmpty() ? "(no answer)" : answers);
  }

  private static Stream<String> labels(Map<?, ?> question, @Nullable Object chosen) {
    return chosen instanceof List<?> ids
        ? ids.stream().map(id -> objects(question.get("options")).filter(option -> Objects.equals(option.get("id"), id))
            .map(option -> String.valueOf(option.get("label"))).findFirst().orElse(String.valueOf(id)))
        : Stream.of();
  }

  /** What a person wrote beside the choice, such as a reason: every text but the server's own. */
  private static Stream<String> ownWords(Map<?, ?> answer, String server) {
    return answer.entrySet().stream()
        .filter(entry -> !server.equals(entry.getKey()) && entry.getValue() instanceof String text && !text.isBlank())
        .map(entry -> String.valueOf(entry.getValue()));
  }

  private static Stream<? extends Map<?, ?>> objects(@Nullable Object list) {
    return list instanceof List<?> items ? items.stream().filter(Map.class::isInstance).map(item -> (Map<?, ?>) item)
        : Stream.of();
  }
}
