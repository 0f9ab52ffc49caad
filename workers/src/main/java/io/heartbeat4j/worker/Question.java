package io.heartbeat4j.worker;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A card that a person (or, by the server's default, any agent) answers on the issue (contract section 8). */
public sealed interface Question {

  /** Yes or no. */
  record Confirmation(@Nullable String title, String prompt) implements Question {
    public Confirmation {
      prompt = TextValidator.requireNonBlank("the card's prompt", prompt);
    }

    public Confirmation(String prompt) {
      this(null, prompt);
    }
  }

  /** One or more questions with options. */
  record Choices(@Nullable String title, List<Choice> choices) implements Question {
    public Choices {
      choices = List.copyOf(choices);
      if (choices.isEmpty()) {
        throw new IllegalArgumentException("a card of questions needs a question");
      }
    }
  }

  /**
   * One question.
   *
   * @param id names the question in the answer
   */
  record Choice(String id, String prompt, boolean several, List<Option> options) {
    public Choice {
      prompt = TextValidator.requireNonBlank("the question's prompt", prompt);
      options = List.copyOf(options);
      if (options.isEmpty()) {
        throw new IllegalArgumentException("the question '" + id + "' has no options");
      }
    }
  }

  /** One option of a question. */
  record Option(String id, String label) {}

  @Nullable
  String title();

  default Optional<String> optionalTitle() {
    return Optional.ofNullable(title());
  }
}
