package io.heartbeat4j.heartbeat.journal;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import io.heartbeat4j.client.ProtocolJson;
import io.heartbeat4j.heartbeat.Disposition;
import io.heartbeat4j.heartbeat.Worked;
import io.heartbeat4j.heartbeat.redact.Redactor;
import io.heartbeat4j.worker.Question;
import io.heartbeat4j.worker.ReviewPath;
import io.heartbeat4j.worker.Unblock;
import io.heartbeat4j.worker.WorkResult;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * An entry's lines as JSON, one object a line. Which of a sealed type's records a value is stands in its field {@code is}.
 * Secrets are masked in every text on the way to the disk.
 */
final class JournalJson {

  private static final String REDACTOR = "redactor";

  private final Redactor redactor;

  JournalJson(Redactor redactor) {
    this.redactor = redactor;
  }

  /** Made at its first use: an idle heartbeat has none. */
  private static final class Mapper {
    static final ObjectMapper SHARED = made();
  }

  /** Every sealed type that a line can hold. */
  static final List<Class<?>> SEALED = List.of(
      Line.class, Decision.class, Worked.class, Disposition.class, WorkResult.class, ReviewPath.class, Unblock.class,
      Question.class);

  private static ObjectMapper made() {
    ObjectMapper copy = ProtocolJson.mapper().copy();
    for (Class<?> sealed : SEALED) {
      copy.addMixIn(sealed, Named.class);
      copy.registerSubtypes(sealed.getPermittedSubclasses());
    }
    copy.registerModule(new SimpleModule().addSerializer(String.class, new Redacted()));
    return copy;
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "is")
  private interface Named {}

  byte[] write(Line line) throws IOException {
    byte[] json = Mapper.SHARED.writerFor(Line.class).withAttribute(REDACTOR, redactor).writeValueAsBytes(line);
    byte[] ended = Arrays.copyOf(json, json.length + 1);
    ended[json.length] = '\n';
    return ended;
  }

  /** Nothing for a line that was torn by a crash or that this version does not know. */
  Optional<Line> read(String line) {
    try {
      return line.isBlank() ? Optional.empty() : Optional.of(Mapper.SHARED.readValue(line, Line.class));
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
