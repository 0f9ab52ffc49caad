package io.heartbeat4j.worker.acp;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.heartbeat4j.worker.SettingsException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a program, from {@code presets.json}.
 *
 * @param install how to get it, for the operator
 * @param login how to log in, for the operator
 * @param authMethod what {@code authenticate} is called with before a session, where the program offers it
 * @param mode the session's mode in which the program asks for permission
 * @param modelVariable the variable that chooses the model; without one the session is told
 * @param environment variables that keep it quiet
 * @param inherit variables that it needs to log in
 */
record Preset(List<String> command, String install, String login, Optional<String> authMethod, Optional<String> mode,
    Optional<String> modelVariable, Map<String, String> environment, List<String> inherit) {

  /** As it is written; what is left out is null. */
  private record Entry(List<String> command, String install, String login, @Nullable String authMethod,
      @Nullable String mode, @Nullable String modelVariable, @Nullable Map<String, String> environment,
      @Nullable List<String> inherit) {

    Preset toPreset() {
      return new Preset(command, install, login, Optional.ofNullable(authMethod), Optional.ofNullable(mode),
          Optional.ofNullable(modelVariable), Objects.requireNonNullElse(environment, Map.of()),
          Objects.requireNonNullElse(inherit, List.of()));
    }
  }

  /** @throws SettingsException if there is no preset of that name */
  static Preset named(String name) {
    try (InputStream file = Objects.requireNonNull(Preset.class.getResourceAsStream("presets.json"))) {
      Map<String, Entry> presets = new ObjectMapper().readValue(file, new TypeReference<TreeMap<String, Entry>>() {
      });
      Entry found = presets.get(name);
      if (found == null) {
        throw new SettingsException("there is no agent '" + name + "'; there are " + String.join(", ", presets.keySet())
            + ", and 'command' for any other program that speaks the Agent Client Protocol");
      }
      return found.toPreset();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** For a program that nothing is known of. */
  static Preset of(List<String> command) {
    return new Preset(command, "install it, or change the setting 'command'", "log in as the program's own words say",
        Optional.empty(), Optional.empty(), Optional.empty(), Map.of(), List.of());
  }
}
