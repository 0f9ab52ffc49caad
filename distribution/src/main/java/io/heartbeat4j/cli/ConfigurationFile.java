package io.heartbeat4j.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.heartbeat4j.worker.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads a YAML file as a map. */
public final class ConfigurationFile {

  private ConfigurationFile() {}

  /**
   * The map in the file; empty for an empty file.
   *
   * @throws SettingsException if the file can't be read or holds no map
   */
  public static Map<String, Object> read(Path file) {
    try {
      Map<String, Object> written = new ObjectMapper(new YAMLFactory())
          .readValue(Files.readAllBytes(file), new TypeReference<LinkedHashMap<String, Object>>() {
          });
      return written == null ? new LinkedHashMap<>() : written;
    } catch (JsonProcessingException malformed) {
      throw new SettingsException("the configuration " + file + " is not a valid YAML map: "
          + malformed.getOriginalMessage().lines().findFirst().orElse("") + " (line "
          + (malformed.getLocation() == null ? "?" : malformed.getLocation().getLineNr()) + ")");
    } catch (NoSuchFileException missing) {
      throw new SettingsException("there is no file " + file + ": check the path given to --config");
    } catch (IOException unreadable) {
      throw new SettingsException("the configuration " + file + " can't be read (" + unreadable.getMessage()
          + "): check the path given to --config");
    }
  }
}
