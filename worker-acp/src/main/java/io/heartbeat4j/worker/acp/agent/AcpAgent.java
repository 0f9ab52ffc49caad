package io.heartbeat4j.worker.acp.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heartbeat4j.worker.SettingsException;
import io.heartbeat4j.worker.acp.rpc.JsonRpcConnection;
import io.heartbeat4j.worker.acp.rpc.JsonRpcException;
import io.heartbeat4j.worker.acp.rpc.JsonRpcPeer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * A running program that speaks the Agent Client Protocol, version 1. Closing it ends the program and all that it has
 * started. For one thread.
 */
public final class AcpAgent implements AutoCloseable {

  private static final int VERSION = 1;
  private static final long TICK_MILLIS = 100;
  private static final int TICKS_A_LOOK = 5;
  private static final int TICKS_AFTER_EXIT = 10;

  private final AgentCommand command;
  private final BooleanSupplier stop;
  private final AgentProcess process;
  private final JsonRpcConnection connection;
  private int ticks;
  private int ticksAfterExit;

  private AcpAgent(AgentCommand command, BooleanSupplier stop, AgentProcess process, JsonRpcConnection connection) {
    this.command = command;
    this.stop = stop;
    this.process = process;
    this.connection = connection;
  }

  /**
   * Starts the program.
   *
   * @param stop whether the work should stop
   * @param howToInstall for the operator, where there is no such program
   * @throws SettingsException if it can't be started
   */
  public static AcpAgent start(AgentCommand command, BooleanSupplier stop, JsonRpcPeer client, String howToInstall) {
    try {
      AgentProcess process = AgentProcess.start(command);
      return new AcpAgent(command, stop, process,
          JsonRpcConnection.open(process.output(), process.input(), new KeepingSkipped(client, process)));
    } catch (IOException notStarted) {
      throw new SettingsException("the agent's program '" + command.line().get(0) + "' can't be started ("
          + notStarted.getMessage() + "): " + howToInstall);
    }
  }

  /** Lines that are no messages are words of the program, for the message of a failure. */
  private record KeepingSkipped(JsonRpcPeer client, AgentProcess process) implements JsonRpcPeer {

    @Override
    public JsonNode answer(String method, JsonNode params) throws Exception {
      return client.answer(method, params);
    }

    @Override
    public void notified(String method, JsonNode params) {
      client.notified(method, params);
    }

    @Override
    public void skipped(String why) {
      process.keep(why);
      client.skipped(why);
    }
  }

  /**
   * Agrees on the version.
   *
   * @param sharesFiles whether files can be read through this client
   * @param writes whether they can be written too
   * @throws SettingsException if the program speaks another one
   */
  public AgentCapabilities initialize(boolean sharesFiles, boolean writes)
      throws IOException, InterruptedException, JsonRpcException {
    ObjectNode params = object().put("protocolVersion", VERSION);
    ObjectNode can = params.putObject("clientCapabilities").put("terminal", false);
    can.putObject("fs").put("readTextFile", sharesFiles).put("writeTextFile", sharesFiles && writes);
    params.putObject("clientInfo").put("name", "heartbeat4j").put("title", "heartbeat4j").put("version", "0.1.0");
    JsonNode answer = call("initialize", params);
    int version = answer.path("protocolVersion").asInt(0);
    if (version != VERSION) {
      throw new SettingsException("the agent's program " + command.name() + " speaks version " + version
          + " of the Agent Client Protocol, and this worker version " + VERSION + ": install another version of it");
    }
    return AgentCapabilities.of(answer);
  }

  public void authenticate(String method) throws IOException, InterruptedException, JsonRpcException {
    call("authenticate", object().put("methodId", method));
  }

  /**
   * Opens a session.
   *
   * @param mcpServers as the protocol lists them
   * @return the answer, with {@code sessionId}
   */
  public JsonNode newSession(Path workspace, JsonNode mcpServers)
      throws IOException, InterruptedException, JsonRpcException {
    JsonNode answer = call("session/new", sessionParameters(workspace, mcpServers));
    if (answer.path("sessionId").asText("").isEmpty()) {
      throw new AgentFailedException("the agent's program " + command.name() + " opened a session without an id");
    }
    return answer;
  }

  /**
   * Goes on with a session: by {@code session/resume} where the program can, else by {@code session/load}. Qwen Code
   * 0.15 says that it can, and does not know the method.
   */
  public JsonNode continueSession(String session, AgentCapabilities capabilities, Path workspace, JsonNode mcpServers)
      throws IOException, InterruptedException, JsonRpcException {
    ObjectNode params = sessionParameters(workspace, mcpServers).put("sessionId", session);
    if (capabilities.resumesSessions()) {
      try {
        return call("session/resume", params);
      } catch (JsonRpcException refused) {
        if (refused.code() != JsonRpcException.METHOD_NOT_FOUND || !capabilities.loadsSessions()) {
          throw refused;
        }
      }
    }
    return call("session/load", params);
  }

  private static ObjectNode sessionParameters(Path workspace, JsonNode mcpServers) {
    return object().put("cwd", workspace.toString()).set("mcpServers", mcpServers);
  }

  /** Calls a method that chooses something for the session. */
  public void set(String session, String method, Map<String, String> values)
      throws IOException, InterruptedException, JsonRpcException {
    ObjectNode params = object().put("sessionId", session);
    values.forEach(params::put);
    call(method, params);
  }

  /** Begins a turn; {@link #poll} tells when it has ended. */
  public CompletableFuture<JsonNode> prompt(String session, String words) {
    ObjectNode params = object().put("sessionId", session);
    params.putArray("prompt").addObject().put("type", "text").put("text", words);
    return connection.request("session/prompt", params);
  }

  /** Asks the program to end the turn. */
  public void cancel(String session) {
    connection.notify("session/cancel", object().put("sessionId", session));
  }

  private JsonNode call(String method, JsonNode params) throws IOException, InterruptedException, JsonRpcException {
    CompletableFuture<JsonNode> asked = connection.request(method, params);
    long until = System.nanoTime() + command.answerLimit().toNanos();
    while (true) {
      Optional<JsonNode> answer = poll(asked);
      if (answer.isPresent()) {
        return answer.get();
      }
      if (stop.getAsBoolean()) {
        throw new CancellationException("the heartbeat stopped");
      }
      if (System.nanoTime() - until > 0) {
        throw new AgentFailedException("the agent's program " + command.name() + " did not answer '" + method
            + "' within " + command.answerLimit().toSeconds() + " s (is it one that speaks the Agent Client Protocol?)"
            + process.words());
      }
    }
  }

  /**
   * Waits a moment for an answer; empty while there is none.
   *
   * @throws AgentFailedException if there can be none, because the program has ended
   */
  public Optional<JsonNode> poll(CompletableFuture<JsonNode> asked)
      throws AgentFailedException, InterruptedException, JsonRpcException {
    if (ticks++ % TICKS_A_LOOK == 0) {
      process.recordDescendants();
    }
    try {
      return Optional.of(asked.get(TICK_MILLIS, TimeUnit.MILLISECONDS));
    } catch (TimeoutException notYet) {
      // what it started may hold its output open
      if (!process.isAlive() && ticksAfterExit++ > TICKS_AFTER_EXIT) {
        throw ended();
      }
      return Optional.empty();
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof JsonRpcException refused) {
        throw refused;
      }
      throw ended();
    }
  }

  private AgentFailedException ended() throws InterruptedException {
    return new AgentFailedException("the agent's program " + command.name() + " " + process.ending());
  }

  /** What the program wrote beside the protocol, behind a colon; empty where it wrote nothing. */
  public String words() {
    return process.words();
  }

  @Override
  public void close() throws InterruptedException {
    process.terminate();
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
