package io.heartbeat4j.client;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.type.TypeFactory;
import java.io.IOException;
import java.util.List;

/** Reads a value from a successful response. */
@FunctionalInterface
interface ResponseReader<T> {

  /**
   * Reads the value.
   *
   * @throws IOException if the answer is not of the shape that the contract gives it
   */
  T read(ApiResponse apiResponse) throws IOException;

  static <T> ResponseReader<T> value(Class<T> type) {
    return apiResponse -> {
      T value = ProtocolJson.mapper().readValue(apiResponse.body().getBytes(), type);
      if (value == null) {
        throw new IOException("an empty answer");
      }
      return value;
    };
  }

  static <T> ResponseReader<List<T>> list(Class<T> type) {
    JavaType list = TypeFactory.defaultInstance().constructCollectionType(List.class, type);
    return apiResponse -> {
      List<T> values = ProtocolJson.mapper().readValue(apiResponse.body().getBytes(), list);
      if (values == null) {
        throw new IOException("an empty answer");
      }
      return List.copyOf(values);
    };
  }

  static ResponseReader<JsonNode> jsonTree() {
    return apiResponse -> {
      JsonNode tree = ProtocolJson.mapper().readTree(apiResponse.body().getBytes());
      if (!tree.isObject()) {
        throw new IOException("not an object");
      }
      return tree;
    };
  }
}
