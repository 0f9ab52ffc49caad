package io.heartbeat4j.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A provider's API: where it is, how a request lists its tools, and how an answer is written. */
enum ModelApi {
  /** OpenAI's chat completions. */
  CHAT("/v1/chat/completions") {
    @Override
    String write(Reply reply, boolean stream) {
      ObjectNode choice = object().put("index", 0).put("finish_reason", reply.isCall() ? "tool_calls" : "stop");
      ObjectNode message = choice.putObject(stream ? "delta" : "message").put("role", "assistant");
      if (reply.isCall()) {
        message.putNull("content").putArray("tool_calls").addObject().put("index", 0).put("id", reply.id())
            .put("type", "function").putObject("function").put("name", reply.tool())
            .put("arguments", reply.arguments());
      } else {
        message.put("content", reply.words());
      }
      ObjectNode answer = object().put("id", reply.id()).put("created", 1).put("model", reply.model())
          .put("object", stream ? "chat.completion.chunk" : "chat.completion");
      answer.putArray("choices").add(choice);
      answer.putObject("usage").put("prompt_tokens", reply.tokensIn()).put("completion_tokens", reply.tokensOut())
          .put("total_tokens", reply.tokensIn() + reply.tokensOut());
      return stream ? "data: " + answer + "\n\ndata: [DONE]\n\n" : answer.toString();
    }
  },
  /** OpenAI's responses. */
  RESPONSES("/v1/responses") {
    @Override
    String write(Reply reply, boolean stream) {
      ObjectNode item = object().put("id", "item_" + reply.id()).put("status", "completed");
      if (reply.isCall()) {
        item.put("type", "function_call").put("call_id", reply.id()).put("name", reply.tool())
            .put("arguments", reply.arguments());
        if (!reply.namespace().isEmpty()) {
          item.put("namespace", reply.namespace());
        }
      } else {
        item.put("type", "message").put("role", "assistant").putArray("content").addObject()
            .put("type", "output_text").put("text", reply.words()).putArray("annotations");
      }
      ObjectNode response = object().put("id", "resp_" + reply.id()).put("object", "response")
          .put("status", "completed").put("model", reply.model());
      response.putArray("output").add(item);
      ObjectNode usage = response.putObject("usage").put("input_tokens", reply.tokensIn())
          .put("output_tokens", reply.tokensOut()).put("total_tokens", reply.tokensIn() + reply.tokensOut());
      usage.putObject("input_tokens_details").put("cached_tokens", 0);
      usage.putObject("output_tokens_details").put("reasoning_tokens", 0);
      return stream ? events(
          object().put("type", "response.created").set("response", object().put("id", "resp_" + reply.id())),
          object().put("type", "response.output_item.added").put("output_index", 0).set("item", item),
          object().put("type", "response.output_item.done").put("output_index", 0).set("item", item),
          object().put("type", "response.completed").set("response", response)) : response.toString();
    }
  },
  /** Anthropic's messages. */
  MESSAGES("/v1/messages") {
    @Override
    String write(Reply reply, boolean stream) {
      ObjectNode block = reply.isCall()
          ? object().put("type", "tool_use").put("id", "toolu_" + reply.id()).put("name", reply.tool())
          : object().put("type", "text").put("text", stream ? "" : reply.words());
      if (reply.isCall()) {
        block.set("input", stream ? object() : read(reply.arguments()));
      }
      String reason = reply.isCall() ? "tool_use" : "end_turn";
      ObjectNode message = object().put("id", "msg_" + reply.id()).put("type", "message").put("role", "assistant")
          .put("model", reply.model()).putNull("stop_sequence").put("stop_reason", stream ? null : reason);
      message.putObject("usage").put("input_tokens", reply.tokensIn())
          .put("output_tokens", stream ? 0 : reply.tokensOut());
      var content = message.putArray("content");
      if (!stream) {
        content.add(block);
        return message.toString();
      }
      ObjectNode delta = reply.isCall() ? object().put("type", "input_json_delta").put("partial_json",
          reply.arguments()) : object().put("type", "text_delta").put("text", reply.words());
      ObjectNode end = object().put("type", "message_delta");
      end.putObject("delta").put("stop_reason", reason).putNull("stop_sequence");
      end.putObject("usage").put("output_tokens", reply.tokensOut());
      return events(object().put("type", "message_start").set("message", message),
          object().put("type", "content_block_start").put("index", 0).set("content_block", block),
          object().put("type", "content_block_delta").put("index", 0).set("delta", delta),
          object().put("type", "content_block_stop").put("index", 0), end, object().put("type", "message_stop"));
    }
  };

  /**
   * One answer of a model: a call of a tool, or words.
   *
   * @param tool empty for words
   * @param namespace the group that the tool is in, where the request has it in one
   * @param arguments as JSON
   */
  record Reply(String id, String model, String tool, String namespace, String arguments, String words, int tokensIn,
      int tokensOut) {

    boolean isCall() {
      return !tool.isEmpty();
    }
  }

  /** A tool that a request offers. */
  record Offered(String name, String namespace) {}

  private static final ObjectMapper JSON = new ObjectMapper();

  private final String path;

  ModelApi(String path) {
    this.path = path;
  }

  String path() {
    return path;
  }

  /** The body of an answer: events, or one object. */
  abstract String write(Reply reply, boolean stream);

  /** The tools of a request; chat has them in {@code function}, responses may have them in a {@code namespace}. */
  static List<Offered> tools(JsonNode request) {
    List<Offered> offered = new ArrayList<>();
    for (JsonNode tool : request.path("tools")) {
      String name = tool.path("function").path("name").asText(tool.path("name").asText());
      if (tool.path("type").asText().equals("namespace")) {
        tool.path("tools").forEach(each -> offered.add(new Offered(each.path("name").asText(), name)));
      } else {
        offered.add(new Offered(name, ""));
      }
    }
    return offered;
  }

  /** The last message of a request. */
  static String latest(JsonNode request) {
    JsonNode messages = request.has("input") ? request.path("input") : request.path("messages");
    return messages.path(messages.size() - 1).toString();
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  private static JsonNode read(String json) {
    try {
      return JSON.readTree(json);
    } catch (com.fasterxml.jackson.core.JsonProcessingException malformed) {
      throw new IllegalArgumentException(malformed);
    }
  }

  private static String events(JsonNode... events) {
    return Stream.of(events).map(event -> "event: " + event.path("type").asText() + "\ndata: " + event + "\n\n")
        .reduce("", String::concat);
  }

  static String json(Object arguments) {
    return JSON.valueToTree(arguments).toString();
  }
}
