package io.heartbeat4j.host.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.heartbeat4j.worker.SettingsException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** A YAML file: its values, and the line of each key. */
record YamlFile(Path path, Map<String, Object> values, Map<String, Integer> lines) {

  private static final ObjectMapper MAPPER = new ObjectMapper(
      YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build());

  /** @throws SettingsException with the file, the line and the problem */
  static YamlFile read(Path path) {
    try {
      String text = Files.readString(path);
      Map<String, Object> values = MAPPER.readValue(text, new TypeReference<LinkedHashMap<String, Object>>() {
      });
      Map<String, Integer> lines = new HashMap<>();
      Node root = new Yaml().compose(new StringReader(text));
      if (root != null) {
        recordLines(root, "", lines);
      }
      return new YamlFile(path, values == null ? Map.of() : values, lines);
    } catch (JsonProcessingException malformed) {
      throw new SettingsException(
          path + ":" + (malformed.getLocation() == null ? 1 : malformed.getLocation().getLineNr())
              + ": the file is not a valid YAML map: " + malformed.getOriginalMessage().lines().findFirst().orElse(""));
    } catch (IOException unreadable) {
      throw new SettingsException(path + ": the file can't be read (" + unreadable.getClass().getSimpleName() + ")");
    }
  }

  private static void recordLines(Node node, String key, Map<String, Integer> lines) {
    switch (node) {
      case MappingNode map -> {
        for (NodeTuple tuple : map.getValue()) {
          if (tuple.getKeyNode() instanceof ScalarNode name) {
            String inner = key.isEmpty() ? name.getValue() : key + "." + name.getValue();
            lines.put(normalize(inner), name.getStartMark().getLine() + 1);
            recordLines(tuple.getValueNode(), inner, lines);
          }
        }
      }
      case SequenceNode list -> {
        for (int i = 0; i < list.getValue().size(); i++) {
          String inner = key + "[" + i + "]";
          lines.put(normalize(inner), list.getValue().get(i).getStartMark().getLine() + 1);
          recordLines(list.getValue().get(i), inner, lines);
        }
      }
      default -> {
      }
    }
  }

  /** Whether the key is in the file. */
  boolean has(String key) {
    return lines.containsKey(normalize(key));
  }

  /** {@code FILE:LINE} of a key, or of the nearest enclosing key in the file. */
  String locationOf(String key) {
    for (String outer = normalize(key); !outer.isEmpty(); outer = outer.substring(0,
        Math.max(outer.lastIndexOf('.'), 0))) {
      Integer line = lines.get(outer);
      if (line != null) {
        return path + ":" + line;
      }
    }
    return path.toString();
  }

  /** A key is found whatever its case and its dashes. */
  static String normalize(String key) {
    return key.replace("-", "").replace("_", "").toLowerCase(Locale.ROOT);
  }
}
