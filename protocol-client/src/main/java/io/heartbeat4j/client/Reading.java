package io.heartbeat4j.client;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.type.TypeFactory;
import java.io.IOException;
import java.util.List;

/** Makes a value of a successful answer. */
@FunctionalInterface
interface Reading<T> {

  /** @throws IOException if the answer is not of the shape that the contract gives it */
  T read(Answer answer) throws IOException;

  static <T> Reading<T> one(Class<T> type) {
    return answer -> {
      T value = ProtocolJson.mapper().readValue(answer.body().getBytes(), type);
      if (value == null) {
        throw new IOException("an empty answer");
      }
      return value;
    };
  }

  static <T> Reading<List<T>> many(Class<T> type) {
    JavaType list = TypeFactory.defaultInstance().constructCollectionType(List.class, type);
    return answer -> {
      List<T> values = ProtocolJson.mapper().readValue(answer.body().getBytes(), list);
      if (values == null) {
        throw new IOException("an empty answer");
      }
      return List.copyOf(values);
    };
  }

  static Reading<JsonNode> object() {
    return answer -> {
      JsonNode tree = ProtocolJson.mapper().readTree(answer.body().getBytes());
      if (!tree.isObject()) {
        throw new IOException("not an object");
      }
      return tree;
    };
  }
}
