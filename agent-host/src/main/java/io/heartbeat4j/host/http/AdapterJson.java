package io.heartbeat4j.host.http;

import io.heartbeat4j.heartbeat.work.ProviderGateRegistry;
import io.heartbeat4j.host.config.ProfileCatalog;
import io.heartbeat4j.host.config.WorkerProfile;
import io.heartbeat4j.host.run.AdmissionResult.RunView;
import io.heartbeat4j.host.run.RunPhase;
import io.heartbeat4j.host.run.RunResult;
import io.heartbeat4j.plugin.SettingSchema;
import io.heartbeat4j.worker.ProviderUnavailableException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runs and profiles in the words of Paperclip's heartbeat4j adapter (docs/adapter-api.yaml). */
final class AdapterJson {

  /** The version of these words. */
  static final int API = 1;

  private AdapterJson() {}

  static JsonObject run(RunView run) {
    JsonObject json = new JsonObject()
        .put("runId", run.id().toString())
        .put("phase", (run.phase() == RunPhase.STOPPING ? RunPhase.RUNNING : run.phase()).wireName())
        .put("workStarted", run.isWorkStarted());
    return run.result() == null ? json : json.put("result", result(run, run.result()));
  }

  static JsonObject result(RunView run, RunResult result) {
    JsonObject json = new JsonObject()
        .put("phase", result.phase().wireName())
        .put("exitCode", result.exitCode())
        .put("workStarted", run.isWorkStarted())
        .put("usage", new JsonObject()
            .put("inputTokens", result.inputTokens())
            .put("outputTokens", result.outputTokens())
            .put("cachedInputTokens", result.cachedInputTokens()));
    put(json, "error", result.error());
    put(json, "summary", result.output().isEmpty() ? null : result.output());
    put(json, "costUsd", result.hasUsage() ? result.costUsd() : null);
    put(json, "model", result.model());
    put(json, "provider", result.provider());
    put(json, "session", result.session());
    return json;
  }

  private static void put(JsonObject json, String name, @Nullable Object value) {
    if (value != null) {
      json.put(name, value);
    }
  }

  static JsonObject error(AdapterException refused) {
    JsonObject json = new JsonObject().put("error", refused.sentence()).put("code", refused.code());
    return refused.status() == 426 ? json.put("supported", new JsonArray().add(API)) : json;
  }

  static JsonObject profiles(ProfileCatalog catalog, ProviderGateRegistry gates) {
    JsonObject json = new JsonObject()
        .put("version", Optional.ofNullable(AdapterJson.class.getPackage().getImplementationVersion())
            .orElse("development"))
        .put("api", API)
        .put("profiles", new JsonArray(catalog.profiles().stream().map(profile -> profile(profile, gates)).toList()));
    catalog.defaultProfile().ifPresent(profile -> json.put("defaultProfile", profile.settings().name()));
    return json;
  }

  private static JsonObject profile(WorkerProfile profile, ProviderGateRegistry gates) {
    JsonObject settings = new JsonObject();
    profile.overridable().forEach((name, setting) -> settings.put(name, schema(setting.schema())));
    return new JsonObject()
        .put("name", profile.settings().name())
        .put("worker", profile.settings().workerName())
        .put("description", profile.settings().description())
        .put("models", new JsonArray(profile.settings().models()))
        .put("settings", new JsonObject().put("type", "object").put("properties", settings)
            .put("additionalProperties", false))
        .put("health", health(profile.provider(), gates));
  }

  private static JsonObject schema(SettingSchema setting) {
    JsonObject json = new JsonObject().put("type", setting.type()).put("description", setting.description());
    if (setting.type().equals("array")) {
      return json.put("items", new JsonObject().put("type", "string"));
    }
    setting.defaultAsJson().ifPresent(value -> json.put("default", value));
    if (!setting.choices().isEmpty()) {
      json.put("enum", new JsonArray(setting.choices()));
    }
    return json;
  }

  /** The worker was made when the host read its file; its provider may take no calls for a time. */
  static JsonObject health(Optional<String> provider, ProviderGateRegistry gates) {
    try {
      provider.ifPresent(account -> gates.forAccount(account).checkOpen());
      return new JsonObject().put("level", "info").put("message", "ready");
    } catch (ProviderUnavailableException closed) {
      return new JsonObject().put("level", "warn").put("message",
          "its provider takes no calls before " + closed.until() + ": " + closed.getMessage());
    }
  }
}
