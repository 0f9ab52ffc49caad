package io.heartbeat4j.plugin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heartbeat4j.worker.Secret;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * JSON Schema (2020-12) of settings as an operator writes them, derived from their record: an editor completes and
 * checks with it. It accepts what {@link SettingsReader} does, with references, except other spellings of a key or a
 * choice.
 */
public final class SettingsJsonSchema {

  private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private SettingsJsonSchema() {}

  /** A schema as a file of its own. */
  public static ObjectNode document(String title, ObjectNode schema) {
    return object().put("$schema", DIALECT).put("title", title).setAll(schema);
  }

  /** The schema of a record: its keys, and no others. */
  public static ObjectNode of(Class<? extends Record> settings) {
    ObjectNode schema = object().put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = JsonNodeFactory.instance.arrayNode();
    for (SettingDescription setting : SettingDescription.of(settings)) {
      properties.set(setting.key(), describe(setting));
      if (setting.required()) {
        required.add(setting.key());
      }
    }
    if (!required.isEmpty()) {
      schema.set("required", required);
    }
    return schema.put("additionalProperties", false);
  }

  /** The schema of a section whose missing keys come from elsewhere. */
  public static ObjectNode withoutRequired(ObjectNode schema) {
    return schema.deepCopy().without("required");
  }

  /** The schema of a map from names to such sections. */
  public static ObjectNode mapOf(ObjectNode schema) {
    ObjectNode map = object().put("type", "object");
    map.set("additionalProperties", schema);
    return map;
  }

  /** Puts another schema in the place of that of a record's property, and keeps its description. */
  public static void replace(ObjectNode schema, String property, ObjectNode replacement) {
    ObjectNode properties = (ObjectNode) schema.path("properties");
    JsonNode description = properties.path(property).path("description");
    properties.set(property, description.isMissingNode() ? replacement
        : replacement.deepCopy().set("description", description));
  }

  /**
   * The schema of a section that chooses a worker: its settings are those of the worker that it names. The settings of
   * a worker that is not known here are not checked.
   *
   * @param section of a record with {@code name} and {@code settings}
   * @param workers the settings' records by the workers' names
   */
  public static ObjectNode withWorkers(Class<? extends Record> section,
      Map<String, Class<? extends Record>> workers) {
    ObjectNode schema = of(section);
    ArrayNode names = JsonNodeFactory.instance.arrayNode();
    workers.keySet().forEach(names::add);
    ObjectNode name = object();
    ArrayNode either = name.putArray("anyOf");
    either.addObject().set("enum", names);
    either.addObject().put("type", "string");
    replace(schema, "name", name);
    ArrayNode cases = schema.putArray("allOf");
    workers.forEach((worker, settings) -> cases.add(onlyFor(worker, of(settings))));
    return schema;
  }

  private static ObjectNode onlyFor(String worker, ObjectNode settings) {
    ObjectNode only = object();
    only.putObject("if").putObject("properties").putObject("name").put("const", worker);
    ObjectNode then = only.putObject("then");
    then.putObject("properties").set("settings", settings);
    if (settings.has("required")) {
      then.putArray("required").add("settings");
    }
    return only;
  }

  private static ObjectNode describe(SettingDescription setting) {
    ObjectNode schema = ofType(setting.type());
    if (!setting.description().isEmpty()) {
      schema.put("description", setting.description());
    }
    setting.defaultValue()
        .ifPresent(text -> schema.set("default", MAPPER.valueToTree(defaultOf(setting.type(), text))));
    return schema;
  }

  private static Object defaultOf(Type type, String text) {
    Class<?> raw = SettingTypeRegistry.rawType(type);
    return SettingTypeRegistry.isScalar(raw)
        ? SettingTypeRegistry.toJson(SettingTypeRegistry.jsonType(raw), text)
        : raw == List.class ? SettingCollectionParser.list(text) : SettingCollectionParser.map(text);
  }

  private static ObjectNode ofType(Type type) {
    Class<?> raw = SettingTypeRegistry.rawType(type);
    if (raw == Optional.class) {
      return ofType(SettingTypeRegistry.typeArgument(type, 0));
    }
    if (raw == List.class) {
      return listOf(SettingTypeRegistry.typeArgument(type, 0));
    }
    if (raw == Map.class) {
      return mapOf(ofType(SettingTypeRegistry.typeArgument(type, 1)));
    }
    if (raw.isRecord()) {
      return of(raw.asSubclass(Record.class));
    }
    return raw == Object.class ? object() : scalar(raw);
  }

  /** A single value is a list of one. */
  private static ObjectNode listOf(Type item) {
    ObjectNode list = object().put("type", "array");
    list.set("items", ofType(item));
    ObjectNode either = object();
    either.putArray("anyOf").add(list).add(ofType(item));
    return either;
  }

  /** What is read from text may be a reference, whatever the type; a text may be written as a number. */
  private static ObjectNode scalar(Class<?> type) {
    ObjectNode schema = object();
    if (type.isEnum()) {
      ArrayNode choices = schema.putArray("anyOf").addObject().putArray("enum");
      SettingTypeRegistry.constants(type).forEach(choices::add);
      schema.withArray("anyOf").addObject().put("type", "string").put("pattern", PlaceholderResolver.PATTERN);
      return schema;
    }
    SettingTypeRegistry.jsonTypes(type).forEach(schema.putArray("type")::add);
    SettingTypeRegistry.pattern(type)
        .ifPresent(pattern -> schema.put("pattern", pattern + "|" + PlaceholderResolver.PATTERN));
    if (type == Secret.class) {
      schema.put("writeOnly", true);
    }
    if (type == Duration.class) { // the only number without a unit
      schema.put("minimum", 0).put("maximum", 0);
    }
    return schema;
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
