package io.heartbeat4j.worker.acp.turn;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heartbeat4j.worker.CurrentRun;
import io.heartbeat4j.worker.acp.rpc.JsonRpcException;
import io.heartbeat4j.worker.acp.rpc.JsonRpcPeer;
import io.heartbeat4j.worker.agent.ToolCallException;
import io.heartbeat4j.worker.agent.file.ConfinedWorkspace;
import io.heartbeat4j.worker.agent.file.Utf8FileAccess;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/** The client's side of the protocol: answers the program's requests, and passes its updates on. Thread-safe. */
public final class AgentClient implements JsonRpcPeer {

  private static final int MOST_SKIPPED_SHOWN = 5;

  private final CurrentRun run;
  private final ConfinedWorkspace workspace;
  private final PermissionChecker permissions;
  private final SessionUpdates updates;
  private volatile String session = "";
  private int skipped;

  public AgentClient(CurrentRun run, ConfinedWorkspace workspace, PermissionChecker permissions,
      SessionUpdates updates) {
    this.run = run;
    this.workspace = workspace;
    this.permissions = permissions;
    this.updates = updates;
  }

  /** Names the run's session: nothing of another one is taken. */
  public void useSession(String id) {
    session = id;
  }

  @Override
  public void notified(String method, JsonNode params) {
    if (!method.equals("session/update")) {
      return;
    }
    if (isOurs(params)) {
      updates.accept(params.path("update"));
    } else if (!session.isEmpty()) {
      skipped("an update of another session");
    }
  }

  private boolean isOurs(JsonNode params) {
    return !session.isEmpty() && params.path("sessionId").asText().equals(session);
  }

  @Override
  public synchronized void skipped(String why) {
    if (skipped++ < MOST_SKIPPED_SHOWN) {
      run.reportProgress("left out: " + why);
    }
  }

  @Override
  public JsonNode answer(String method, JsonNode params) throws JsonRpcException, IOException {
    return switch (method) {
      case "session/request_permission" -> decide(checked(params));
      case "fs/read_text_file" -> read(checked(params));
      case "fs/write_text_file" -> write(checked(params));
      default -> throw new JsonRpcException(JsonRpcException.METHOD_NOT_FOUND, method.startsWith("terminal/")
          ? "this client has no terminals: run commands with a tool of your own"
          : "this client has no method " + method);
    };
  }

  private JsonNode checked(JsonNode params) throws JsonRpcException {
    if (!isOurs(params)) {
      throw new JsonRpcException(JsonRpcException.INVALID_PARAMS,
          "there is no session '" + params.path("sessionId").asText() + "'");
    }
    return params;
  }

  private JsonNode decide(JsonNode params) throws IOException {
    boolean allowed = permissions.mayDo(RequestedCall.of(params.path("toolCall"), params.path("options")));
    ObjectNode answer = object();
    ObjectNode outcome = answer.putObject("outcome");
    String option = option(params.path("options"), allowed ? List.of("allow_once") : List.of("reject_once"));
    if (option.isEmpty() || permissions.card().isPresent()) {
      outcome.put("outcome", "cancelled");
    } else {
      outcome.put("outcome", "selected").put("optionId", option);
    }
    return answer;
  }

  private static String option(JsonNode options, List<String> kinds) {
    for (JsonNode option : options) {
      if (kinds.contains(option.path("kind").asText())) {
        return option.path("optionId").asText();
      }
    }
    return "";
  }

  private JsonNode read(JsonNode params) throws JsonRpcException, IOException {
    String path = params.path("path").asText();
    checkMayUse("read", path, "");
    try {
      String text = Utf8FileAccess.read(workspace, workspace.resolve(path));
      if (params.has("line") || params.has("limit")) {
        text = text.lines().skip(Math.max(0, params.path("line").asLong(1) - 1))
            .limit(Math.max(0, params.path("limit").asLong(Long.MAX_VALUE))).collect(Collectors.joining("\n"));
      }
      return object().put("content", text);
    } catch (ToolCallException unreadable) {
      throw new JsonRpcException(JsonRpcException.INVALID_PARAMS, String.valueOf(unreadable.getMessage()));
    }
  }

  private JsonNode write(JsonNode params) throws JsonRpcException, IOException {
    String path = params.path("path").asText();
    String content = params.path("content").asText();
    checkMayUse("write", path, content);
    try {
      Utf8FileAccess.write(workspace, workspace.resolve(path), content);
      return object();
    } catch (ToolCallException unwritable) {
      throw new JsonRpcException(JsonRpcException.INVALID_PARAMS, String.valueOf(unwritable.getMessage()));
    }
  }

  private void checkMayUse(String tool, String path, String details) throws JsonRpcException, IOException {
    if (!permissions.mayUse(tool, path, details)) {
      throw new JsonRpcException(JsonRpcException.INVALID_PARAMS, "not permitted: " + tool + " " + path
          + ". Do without it; what needs it is for a person to do");
    }
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
