package io.heartbeat4j.worker.acp;

import com.fasterxml.jackson.databind.JsonNode;
import io.heartbeat4j.worker.SettingsException;
import io.heartbeat4j.worker.acp.agent.AcpAgent;
import io.heartbeat4j.worker.acp.rpc.JsonRpcException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Chooses mode and model of an open session. */
final class SessionChoices {

  private SessionChoices() {}

  /** @throws SettingsException if the settings name a mode or model that the program does not offer */
  static void make(AcpAgent agent, SessionOpener.Session session, AcpSettings settings, Preset preset)
      throws IOException, InterruptedException, JsonRpcException {
    List<String> modes = ids(session.opened().path("modes").path("availableModes"), "id");
    String mode = settings.mode().or(preset::mode).orElse("");
    if (modes.contains(mode)) {
      agent.set(session.id(), "session/set_mode", Map.of("modeId", mode));
    } else if (settings.mode().isPresent()) {
      throw missing(settings, "mode", mode, modes);
    }
    if (settings.model().isPresent() && preset.modelVariable().isEmpty()) {
      chooseModel(agent, session, settings, settings.model().get());
    }
  }

  /** Programs offer models as a list of their own, or as one of the session's options. */
  private static void chooseModel(AcpAgent agent, SessionOpener.Session session, AcpSettings settings, String model)
      throws IOException, InterruptedException, JsonRpcException {
    List<String> models = ids(session.opened().path("models").path("availableModels"), "modelId");
    if (models.contains(model)) {
      agent.set(session.id(), "session/set_model", Map.of("modelId", model));
      return;
    }
    List<String> offered = new ArrayList<>(models);
    for (JsonNode option : session.opened().path("configOptions")) {
      if (option.path("category").asText().equals("model")) {
        offered.addAll(ids(option.path("options"), "value"));
        if (offered.contains(model)) {
          agent.set(session.id(), "session/set_config_option",
              Map.of("configId", option.path("id").asText(), "value", model));
          return;
        }
      }
    }
    throw missing(settings, "model", model, offered);
  }

  private static SettingsException missing(AcpSettings settings, String what, String chosen, List<String> offered) {
    return new SettingsException("the agent's program " + settings.programName() + " has no " + what + " '" + chosen
        + "'; " + (offered.isEmpty() ? "it offers none to choose from" : "it offers " + String.join(", ", offered)));
  }

  private static List<String> ids(JsonNode offered, String name) {
    List<String> ids = new ArrayList<>();
    offered.forEach(each -> ids.add(each.path(name).asText()));
    return ids;
  }
}
