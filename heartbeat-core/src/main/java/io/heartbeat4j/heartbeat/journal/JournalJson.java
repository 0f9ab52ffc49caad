package io.heartbeat4j.heartbeat.journal;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.AnnotationIntrospector;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.NopAnnotationIntrospector;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import io.heartbeat4j.client.ProtocolJson;
import io.heartbeat4j.heartbeat.redact.Redactor;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An entry's lines as JSON, one object a line. Which of a sealed type's records a value is stands in its field {@code is}.
 * Secrets are masked in every text on the way to the disk.
 */
final class JournalJson {

  private final Redactor redactor;
  private volatile @Nullable ObjectMapper mapper;

  JournalJson(Redactor redactor) {
    this.redactor = redactor;
  }

  /** Made at its first use: an idle heartbeat has none. */
  private ObjectMapper mapper() {
    ObjectMapper known = mapper;
    if (known == null) {
      known = made(redactor);
      mapper = known;
    }
    return known;
  }

  private static ObjectMapper made(Redactor redactor) {
    ObjectMapper copy = ProtocolJson.mapper().copy();
    copy.setAnnotationIntrospector(AnnotationIntrospector.pair(
        new SealedTypes(), copy.getDeserializationConfig().getAnnotationIntrospector()));
    copy.registerModule(new SimpleModule().addSerializer(String.class, new Redacted(redactor)));
    return copy;
  }

  byte[] write(Line line) throws IOException {
    byte[] json = mapper().writerFor(Line.class).writeValueAsBytes(line);
    byte[] ended = Arrays.copyOf(json, json.length + 1);
    ended[json.length] = '\n';
    return ended;
  }

  /** Nothing for a line that was torn by a crash or that this version does not know. */
  Optional<Line> read(String line) {
    try {
      return line.isBlank() ? Optional.empty() : Optional.of(mapper().readValue(line, Line.class));
    } catch (JsonProcessingException torn) {
      return Optional.empty();
    }
  }

  private static final class SealedTypes extends NopAnnotationIntrospector {

    private static final long serialVersionUID = 1L;

    @Override
    public JsonTypeInfo.@Nullable Value findPolymorphicTypeInfo(MapperConfig<?> config, Annotated annotated) {
      return isSealed(annotated)
          ? JsonTypeInfo.Value.construct(
              JsonTypeInfo.Id.SIMPLE_NAME, JsonTypeInfo.As.PROPERTY, "is", null, false, null)
          : null;
    }

    @Override
    public @Nullable List<NamedType> findSubtypes(Annotated annotated) {
      return isSealed(annotated)
          ? Arrays.stream(annotated.getRawType().getPermittedSubclasses()).map(NamedType::new).toList()
          : null;
    }

    private static boolean isSealed(Annotated annotated) {
      return annotated.getRawType().isInterface() && annotated.getRawType().isSealed();
    }
  }

  private static final class Redacted extends StdSerializer<String> {

    private static final long serialVersionUID = 1L;

    private final transient Redactor redactor;

    Redacted(Redactor redactor) {
      super(String.class);
      this.redactor = redactor;
    }

    @Override
    public void serialize(String value, JsonGenerator json, SerializerProvider provider) throws IOException {
      json.writeString(redactor.redact(value));
    }
  }
}
