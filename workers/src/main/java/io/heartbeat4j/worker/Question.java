package io.heartbeat4j.worker;

import java.util.List;
import java.util.Optional;
import org.apiguardian.api.API;

/** A card that a person (or, by the server's default, any agent) answers on the issue (contract section 8). */
@API(status = API.Status.STABLE, since = "1.0")
public sealed interface Question {

  /** Yes or no. */
  record Confirmation(Optional<String> title, String prompt) implements Question {
    public Confirmation {
      prompt = TextValidator.requireNonBlank("the card's prompt", prompt);
    }

    public Confirmation(String title, String prompt) {
      this(Optional.of(title), prompt);
    }

    public Confirmation(String prompt) {
      this(Optional.empty(), prompt);
    }
  }

  /** One or more questions with options. */
  record Choices(Optional<String> title, List<Choice> choices) implements Question {
    public Choices {
      choices = List.copyOf(choices);
      if (choices.isEmpty()) {
        throw new IllegalArgumentException("a card of questions needs a question");
      }
    }

    public Choices(String title, List<Choice> choices) {
      this(Optional.of(title), choices);
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

  /** Shown above the card's text. */
  Optional<String> title();
}
