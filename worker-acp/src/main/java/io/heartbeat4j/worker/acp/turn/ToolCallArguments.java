package io.heartbeat4j.worker.acp.turn;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.worker.agent.ToolCallException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The arguments of a call of a tool; what is wrong is said in words for the model. */
record ToolCallArguments(JsonNode given) {

  String text(String name) throws ToolCallException {
    return optionalText(name).orElseThrow(() -> new ToolCallException("'" + name + "' is missing: it is a text"));
  }

  /** Empty where it is blank too. */
  Optional<String> optionalText(String name) {
    return Optional.of(given.path(name)).filter(JsonNode::isTextual).map(JsonNode::asText)
        .filter(text -> !text.isBlank());
  }

  int number(String name, int usual, int least, int most) {
    return Math.clamp(given.path(name).asInt(usual), least, most);
  }

  List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    given.path(name).forEach(item -> texts.add(item.asText().strip()));
    texts.removeIf(String::isEmpty);
    return texts;
  }
}
