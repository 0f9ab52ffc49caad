package io.heartbeat4j.client;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.AnnotatedParameter;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the model's records are read. Makes their {@code @Nullable} mean something to Jackson: a record component without
 * it is never null. A missing text or optional is empty, a missing list is left to the record, and anything else that is missing
 * fails the read.
 */
final class NullabilityIntrospector extends JacksonAnnotationIntrospector {

  private static final long serialVersionUID = 1L;

  /** What the model does not know is skipped while it is read; the mapper's own setting would collect it first. */
  @Override
  public JsonIgnoreProperties.Value findPropertyIgnoralByName(MapperConfig<?> config, Annotated annotated) {
    return super.findPropertyIgnoralByName(config, annotated).withIgnoreUnknown();
  }

  @Override
  public @Nullable Boolean hasRequiredMarker(AnnotatedMember member) {
    return isRequired(member) ? Boolean.TRUE : super.hasRequiredMarker(member);
  }

  @Override
  public JsonSetter.Value findSetterInfo(Annotated annotated) {
    if (isRequired(annotated)) {
      return JsonSetter.Value.forValueNulls(Nulls.FAIL);
    }
    if (annotated.getRawType() == String.class && isNeverNull(annotated)) {
      return JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY);
    }
    return super.findSetterInfo(annotated);
  }

  private static boolean isRequired(Annotated annotated) {
    Class<?> type = annotated.getRawType();
    return !type.isPrimitive() && type != String.class && type != Optional.class && !List.class.isAssignableFrom(type)
        && isNeverNull(annotated);
  }

  private static boolean isNeverNull(Annotated annotated) {
    if (!(annotated instanceof AnnotatedParameter parameter) || !parameter.getDeclaringClass().isRecord()) {
      return false;
    }
    RecordComponent[] components = parameter.getDeclaringClass().getRecordComponents();
    return parameter.getOwner().getParameterCount() == components.length
        && parameter.getOwner().getRawParameterType(parameter.getIndex()) == components[parameter.getIndex()].getType()
        && !components[parameter.getIndex()].getAnnotatedType().isAnnotationPresent(Nullable.class);
  }
}
