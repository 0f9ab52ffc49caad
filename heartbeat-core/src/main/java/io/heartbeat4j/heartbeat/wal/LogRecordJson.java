package io.heartbeat4j.heartbeat.wal;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.heartbeat4j.client.ProtocolJson;
import io.heartbeat4j.redaction.Redactor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Optional;

/**
 * Log records as JSON, one object a line; the field {@code type} holds the {@linkplain LogRecordTypes type id}. Secrets
 * are masked in every text on the way to the disk.
 */
final class LogRecordJson {

  private static final String REDACTOR = "redactor";

  private final Redactor redactor;

  LogRecordJson(Redactor redactor) {
    this.redactor = redactor;
  }

  /** Created at first use: an idle heartbeat writes no record. */
  private static final class Mapper {
    static final ObjectMapper SHARED = made();
  }

  private static ObjectMapper made() {
    ObjectMapper copy = ProtocolJson.mapper().copy();
    LogRecordTypes.SEALED.forEach(sealed -> copy.addMixIn(sealed, Typed.class));
    LogRecordTypes.IDS.forEach((type, id) -> copy.registerSubtypes(new NamedType(type, id)));
    copy.registerModule(new Jdk8Module());
    copy.registerModule(new SimpleModule().addSerializer(String.class, new Redacted()));
    return copy;
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  private interface Typed {}

  byte[] write(LogRecord record) {
    byte[] json = bytes(record);
    byte[] ended = Arrays.copyOf(json, json.length + 1);
    ended[json.length] = '\n';
    return ended;
  }

  private byte[] bytes(LogRecord record) {
    try {
      return Mapper.SHARED.writerFor(LogRecord.class).withAttribute(REDACTOR, redactor).writeValueAsBytes(record);
    } catch (JsonProcessingException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /** Empty for a line that was torn by a crash, or whose type id this version does not know. */
  Optional<LogRecord> read(String line) {
    try {
      return line.isBlank() ? Optional.empty() : Optional.of(Mapper.SHARED.readValue(line, LogRecord.class));
    } catch (JsonProcessingException torn) {
      return Optional.empty();
    }
  }

  private static final class Redacted extends StdSerializer<String> {

    private static final long serialVersionUID = 1L;

    Redacted() {
      super(String.class);
    }

    @Override
    public void serialize(String value, JsonGenerator json, SerializerProvider provider) throws IOException {
      json.writeString(((Redactor) provider.getAttribute(REDACTOR)).redact(value));
    }
  }
}
