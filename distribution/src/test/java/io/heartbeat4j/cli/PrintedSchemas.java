package io.heartbeat4j.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.heartbeat4j.plugin.WorkerRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The schemas that {@code heartbeat schema} prints, with a validator. */
record PrintedSchemas(Map<String, ObjectNode> schemas) {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** With the workers of the class path and of a directory of plugins. */
  static PrintedSchemas of(Path plugins) throws IOException {
    try (WorkerRegistry registry = new WorkerRegistry(plugins, PrintedSchemas.class.getClassLoader())) {
      return new PrintedSchemas(SchemaCommand.schemas(registry));
    }
  }

  /** What the schema of that name says against the values. */
  List<String> problems(String name, Map<String, ?> values) {
    return problems(Objects.requireNonNull(schemas.get(name), name), MAPPER.valueToTree(values));
  }

  static List<String> problems(ObjectNode schema, JsonNode values) {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(schema).validate(values)
        .stream().map(error -> "schema: " + error).toList();
  }

  /** What the schema of schemas says against a schema. */
  static List<String> problemsOfSchema(ObjectNode schema) {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(SchemaLocation.of(SpecificationVersion.DRAFT_2020_12.getDialectId())).validate(schema)
        .stream().map(Object::toString).toList();
  }
}
