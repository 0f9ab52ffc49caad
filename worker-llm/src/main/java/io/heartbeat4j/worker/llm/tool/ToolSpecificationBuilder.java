package io.heartbeat4j.worker.llm.tool;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.json.JsonArraySchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonStringSchema;
import java.util.ArrayList;
import java.util.List;

/** Writes a tool's specification: its arguments in order, the required ones first. */
public final class ToolSpecificationBuilder {

  private final String name;
  private final String description;
  private final JsonObjectSchema.Builder fields = JsonObjectSchema.builder();
  private final List<String> required = new ArrayList<>();

  private ToolSpecificationBuilder(String name, String description) {
    this.name = name;
    this.description = description;
  }

  public static ToolSpecificationBuilder of(String name, String description) {
    return new ToolSpecificationBuilder(name, description);
  }

  public ToolSpecificationBuilder text(String field, String about) {
    required.add(field);
    return optionalText(field, about);
  }

  public ToolSpecificationBuilder optionalText(String field, String about) {
    fields.addStringProperty(field, about);
    return this;
  }

  public ToolSpecificationBuilder optionalNumber(String field, String about) {
    fields.addIntegerProperty(field, about);
    return this;
  }

  public ToolSpecificationBuilder optionalFlag(String field, String about) {
    fields.addBooleanProperty(field, about);
    return this;
  }

  public ToolSpecificationBuilder oneOf(String field, String about, List<String> values) {
    required.add(field);
    return optionalOneOf(field, about, values);
  }

  public ToolSpecificationBuilder optionalOneOf(String field, String about, List<String> values) {
    fields.addEnumProperty(field, values, about);
    return this;
  }

  public ToolSpecificationBuilder optionalTexts(String field, String about) {
    fields.addProperty(field, JsonArraySchema.builder().description(about).items(new JsonStringSchema()).build());
    return this;
  }

  public ToolSpecification build() {
    return ToolSpecification.builder().name(name).description(description)
        .parameters(fields.required(required).build()).build();
  }
}
