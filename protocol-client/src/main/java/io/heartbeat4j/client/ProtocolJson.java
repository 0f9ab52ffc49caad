package io.heartbeat4j.client;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;

/**
 * The protocol's JSON. Reading is tolerant where a server may differ (unknown fields, a missing list, text or number)
 * and strict where a lie would travel on: an id or status that the model needs and the answer lacks is an error.
 */
public final class ProtocolJson {

  private ProtocolJson() {}

  /** The shared mapper, built at its first use; do not reconfigure it. */
  public static ObjectMapper mapper() {
    return Holder.MAPPER;
  }

  private static final class Holder {

    private static final ObjectMapper MAPPER = JsonMapper.builder()
        .annotationIntrospector(new NullabilityIntrospector())
        .addModule(new JavaTimeModule())
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
        .build();
  }
}
